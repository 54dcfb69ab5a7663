// One pass over the text of a paragraph: what in it is text, code, a break, a delimiter, the start or the end of a
// link. marked's own inline rules are not used: they take cubic time on hostile text. HTML is text here, but for
// `<br>`; every loop moves forward, so the work is linear in the length of the text.
import { bareUrlAt, cleanText } from '../characters.ts';
import { CodeSpans, codeText } from './code-spans.ts';
import { delimiterAt, DelimiterStack, type Delimiter } from './delimiters.ts';
import { entityAt, isEscapable } from './entities.ts';
import { linkTargetAt } from './link-target.ts';
import { judgeHref } from './safe-href.ts';

export interface LinkStart {
  readonly href: string;
  readonly title: string;
  /** The text is the address itself. */
  readonly bare?: true;
}

export type InlineToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'delimiter'; readonly delimiter: Delimiter }
  | { readonly kind: 'link_start'; readonly link: LinkStart }
  | { readonly kind: 'link_end' };

/** Definitions of the document by lower-case label, for `[text][label]`. */
export type Definitions = Readonly<Record<string, { readonly href: string; readonly title?: string | null }>>;

interface Bracket {
  readonly image: boolean;
  /** Of its own token, which becomes the start of the link. */
  readonly token: number;
  readonly textStart: number;
  readonly delimiter: Delimiter | undefined;
}

/** A reference's label may be 999 characters by CommonMark; nobody writes one of 200. */
const labelLimit = 200;
/** Everything between two of these is text. */
const special = /[\\`*_~[\]!<&\n]|https?:\/\//gi;
const enclosedAddress =
  /<([a-z][a-z\d+.-]{1,31}:[^\s<>]{1,2048}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>/iy;
const lineBreakTag = /<br *\/?>/iy;

export function scanInline(source: string, definitions: Definitions): readonly InlineToken[] {
  const scan = new InlineScan(source, definitions);
  return scan.run();
}

class InlineScan {
  readonly #source: string;
  readonly #definitions: Definitions | undefined;
  readonly #code: CodeSpans;
  readonly #tokens: InlineToken[] = [];
  readonly #delimiters = new DelimiterStack();
  #brackets: Bracket[] = [];
  #text = '';
  #at = 0;

  constructor(source: string, definitions: Definitions) {
    this.#source = source;
    this.#definitions = Object.keys(definitions).length > 0 ? definitions : undefined;
    this.#code = new CodeSpans(source);
  }

  run(): readonly InlineToken[] {
    const source = this.#source;
    while (this.#at < source.length) {
      special.lastIndex = this.#at;
      const found = special.exec(source)?.index ?? source.length;
      this.#text += source.slice(this.#at, found);
      this.#at = found;
      if (found < source.length) this.#special(source[found] ?? '');
    }
    this.#flush();
    this.#delimiters.pair(undefined);
    return this.#tokens;
  }

  #special(char: string): void {
    if (char === '\\') this.#backslash();
    else if (char === '\n') this.#newline();
    else if (char === '`') this.#backticks();
    else if (char === '*' || char === '_' || char === '~') this.#delimiter(char);
    else if (char === '[') this.#openBracket(false);
    else if (char === '!' && this.#source[this.#at + 1] === '[') this.#openBracket(true);
    else if (char === ']') this.#closeBracket();
    else if (char === '<') this.#angle();
    else if (char === '&') this.#reference();
    else if (char === 'h' || char === 'H') this.#address();
    else this.#literal(1);
  }

  #literal(length: number): void {
    this.#text += this.#source.slice(this.#at, this.#at + length);
    this.#at += length;
  }

  #backslash(): void {
    const next = this.#source[this.#at + 1];
    if (next === '\n') {
      this.#at += 1;
      this.#break();
      this.#skipLineStart();
    } else if (isEscapable(next)) {
      this.#text += next ?? '';
      this.#at += 2;
    } else {
      this.#literal(1);
    }
  }

  #newline(): void {
    let end = this.#text.length;
    while (this.#text[end - 1] === ' ') end -= 1;
    const isBreak = this.#text.length - end >= 2;
    this.#text = this.#text.slice(0, end);
    // A line a token: looking at the end of a growing text would copy all of it every time.
    this.#push(isBreak ? { kind: 'break' } : { kind: 'text', text: ' ' });
    this.#skipLineStart();
  }

  /** Over the line break and the indentation behind it. */
  #skipLineStart(): void {
    this.#at += 1;
    while (this.#source[this.#at] === ' ' || this.#source[this.#at] === '\t') this.#at += 1;
  }

  #break(): void {
    this.#push({ kind: 'break' });
  }

  #backticks(): void {
    const start = this.#at;
    let inner = start;
    while (this.#source[inner] === '`') inner += 1;
    const length = inner - start;
    const closing = this.#code.closing(start, length);
    if (closing === undefined) {
      this.#literal(length);
      return;
    }
    this.#push({ kind: 'code', text: codeText(this.#source.slice(inner, closing)) });
    this.#at = closing + length;
  }

  #delimiter(char: string): void {
    const delimiter = delimiterAt(this.#source, this.#at);
    if (!delimiter) {
      let end = this.#at;
      while (this.#source[end] === char) end += 1;
      this.#literal(end - this.#at);
      return;
    }
    this.#delimiters.push(delimiter);
    this.#push({ kind: 'delimiter', delimiter });
    this.#at += delimiter.length;
  }

  #openBracket(image: boolean): void {
    const text = image ? '![' : '[';
    this.#flush();
    this.#brackets.push({
      image,
      token: this.#tokens.length,
      textStart: this.#at + text.length,
      delimiter: this.#delimiters.last,
    });
    this.#tokens.push({ kind: 'text', text });
    this.#at += text.length;
  }

  #closeBracket(): void {
    const bracket = this.#brackets.pop();
    const target = bracket && (linkTargetAt(this.#source, this.#at + 1) ?? this.#definition(bracket));
    if (!target) {
      this.#literal(1);
      return;
    }
    this.#push({ kind: 'link_end' });
    this.#delimiters.pair(bracket.delimiter);
    this.#tokens[bracket.token] = { kind: 'link_start', link: target };
    this.#at = target.end;
    // No link inside of a link: what was open around it can only be text now.
    if (!bracket.image) this.#brackets = [];
  }

  /** `[text][label]`, `[label][]` and `[label]`. */
  #definition(bracket: Bracket): { href: string; title: string; end: number } | undefined {
    if (!this.#definitions) return undefined;
    const shortcut = this.#source.slice(
      bracket.textStart,
      Math.min(this.#at, bracket.textStart + labelLimit),
    );
    const close = this.#source[this.#at + 1] === '[' ? this.#source.indexOf(']', this.#at + 2) : -1;
    const isFull = close > 0 && close - this.#at <= labelLimit;
    const written = isFull ? this.#source.slice(this.#at + 2, close) : '';
    const label = (written === '' ? shortcut : written).replace(/\s+/g, ' ').trim().toLowerCase();
    const found = Object.hasOwn(this.#definitions, label) ? this.#definitions[label] : undefined;
    if (!found) return undefined;
    return { href: found.href, title: found.title ?? '', end: isFull ? close + 1 : this.#at + 1 };
  }

  #angle(): void {
    lineBreakTag.lastIndex = this.#at;
    const tag = lineBreakTag.exec(this.#source);
    if (tag) {
      this.#at += tag[0].length;
      this.#break();
      return;
    }
    enclosedAddress.lastIndex = this.#at;
    const found = enclosedAddress.exec(this.#source);
    const text = found?.[1] ?? '';
    const href = /^[a-z][a-z\d+.-]{1,31}:/i.test(text) ? text : `mailto:${text}`;
    if (found && judgeHref(href).kind === 'link') this.#link(text, href, found[0].length);
    else this.#literal(1);
  }

  #reference(): void {
    const entity = entityAt(this.#source, this.#at);
    if (!entity) {
      this.#literal(1);
      return;
    }
    this.#text += entity.text.replace(/\n/g, ' ');
    this.#at += entity.length;
  }

  #address(): void {
    const url = bareUrlAt(this.#source, this.#at);
    if (url === '') this.#literal(1);
    else this.#link(url, url, url.length);
  }

  #link(text: string, href: string, length: number): void {
    this.#push({ kind: 'link_start', link: { href, title: '', bare: true } });
    this.#tokens.push({ kind: 'text', text }, { kind: 'link_end' });
    this.#at += length;
  }

  #push(token: InlineToken): void {
    this.#flush();
    this.#tokens.push(token);
  }

  #flush(): void {
    if (this.#text !== '') this.#tokens.push({ kind: 'text', text: cleanText(this.#text) });
    this.#text = '';
  }
}
