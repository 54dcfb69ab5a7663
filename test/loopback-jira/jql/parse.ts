// JQL text to a query, by recursive descent: OR binds loosest, then AND, then NOT. Looks nothing up.
// Refused, as Jira refuses it: reserved words without quotes, a missing bracket, text after the end.
// WAS and CHANGED are real JQL that this loopback does not know; it refuses them too.
import { message, type Message } from '../messages.ts';
import type { Clause, Operand, Operator, OrderBy, Query } from './ast.ts';
import { reservedWords } from './reserved-words.ts';
import { JqlSyntaxError } from './syntax-error.ts';
import { tokenize, type Token } from './tokens.ts';

export function parseJql(text: string): Query {
  return new Parser(text).query();
}

const comparisons = new Set<string>(['=', '!=', '<', '<=', '>', '>=', '~', '!~']);

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  query(): Query {
    const startsWithOrder = this.#isWord('order') || this.#peek().kind === 'end';
    const where = startsWithOrder ? null : this.#or();
    const orderBy = this.#takeWord('order') ? this.#orderBy() : [];
    if (this.#peek().kind !== 'end') this.#expected("'AND', 'OR' or 'ORDER BY'");
    return { where, orderBy };
  }

  #or(): Clause {
    const clauses = [this.#and()];
    while (this.#takeWord('or') || this.#takeSymbol('||') || this.#takeSymbol('|')) clauses.push(this.#and());
    return clauses.length === 1 && clauses[0] ? clauses[0] : { kind: 'or', clauses };
  }

  #and(): Clause {
    const clauses = [this.#not()];
    while (this.#takeWord('and') || this.#takeSymbol('&&') || this.#takeSymbol('&'))
      clauses.push(this.#not());
    return clauses.length === 1 && clauses[0] ? clauses[0] : { kind: 'and', clauses };
  }

  #not(): Clause {
    if (this.#takeWord('not') || this.#takeSymbol('!')) return { kind: 'not', clause: this.#not() };
    if (!this.#takeSymbol('(')) return this.#term();
    const clause = this.#or();
    this.#need(')');
    return clause;
  }

  #term(): Clause {
    const field = this.#field();
    const operator = this.#operator();
    return { kind: 'term', field, operator, operand: this.#operand(operator) };
  }

  #field(): string {
    if (this.#isWord('cf')) {
      this.#next();
      this.#need('[');
      const number = this.#next().text;
      this.#need(']');
      return `cf[${number}]`;
    }
    const token = this.#peek();
    if (token.kind !== 'word' && token.kind !== 'string') this.#expected('a field name');
    this.#refuseReserved(token);
    return this.#next().text;
  }

  #operator(): Operator {
    const token = this.#peek();
    if (token.kind === 'symbol' && comparisons.has(token.text)) return this.#next().text as Operator;
    if (this.#takeWord('in')) return 'in';
    if (this.#takeWord('is')) return this.#takeWord('not') ? 'is not' : 'is';
    if (this.#takeWord('not')) {
      if (this.#takeWord('in')) return 'not in';
      this.#expected("'IN'");
    }
    return this.#expected('an operator');
  }

  #operand(operator: Operator): Operand {
    if (operator === 'in' || operator === 'not in') {
      if (this.#peek().kind === 'word') return this.#value();
      this.#need('(');
      return { kind: 'list', items: this.#list() };
    }
    if (operator === 'is' || operator === 'is not') {
      if (this.#takeWord('empty') || this.#takeWord('null')) return { kind: 'empty' };
      return this.#expected("'EMPTY' or 'NULL'");
    }
    return this.#value();
  }

  #list(): Operand[] {
    const items = [this.#value()];
    while (this.#takeSymbol(',')) items.push(this.#value());
    this.#need(')');
    return items;
  }

  #value(): Operand {
    if (this.#takeWord('empty') || this.#takeWord('null')) return { kind: 'empty' };
    const token = this.#peek();
    if (token.kind === 'string') return { kind: 'value', text: this.#next().text, quoted: true };
    if (token.kind !== 'word') return this.#expected('a value');
    this.#refuseReserved(token);
    this.#next();
    if (!this.#takeSymbol('(')) return { kind: 'value', text: token.text, quoted: token.escaped };
    const args: string[] = [];
    while (!this.#takeSymbol(')')) {
      if (args.length > 0) this.#need(',');
      const argument = this.#value();
      if (argument.kind !== 'value') this.#expected('a value');
      else args.push(argument.text);
    }
    return { kind: 'function', name: token.text, args };
  }

  #orderBy(): OrderBy[] {
    if (!this.#takeWord('by')) this.#expected("'BY'");
    const orders: OrderBy[] = [];
    do {
      const field = this.#field();
      const direction = this.#takeWord('asc') ? 'asc' : this.#takeWord('desc') ? 'desc' : null;
      orders.push({ field, direction });
    } while (this.#takeSymbol(','));
    return orders;
  }

  #peek(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw new Error('loopback Jira: read past the end of a query');
    return token;
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token.kind === 'word' && !token.escaped && token.text.toLowerCase() === word;
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#at += 1;
    return true;
  }

  #takeSymbol(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #need(symbol: string): void {
    if (!this.#takeSymbol(symbol)) this.#expected(`'${symbol}'`);
  }

  #refuseReserved(token: Token): void {
    if (token.kind !== 'word' || token.escaped || !reservedWords.has(token.text.toLowerCase())) return;
    this.#fail(message('jqlReserved', token.text));
  }

  #expected(what: string): never {
    const { kind, text } = this.#peek();
    this.#fail(message('jqlExpected', what, kind === 'end' ? '<EOF>' : text));
  }

  #fail(reason: Message): never {
    throw new JqlSyntaxError(this.#text, this.#peek().position, reason);
  }
}
