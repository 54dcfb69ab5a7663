// Finds every variable, field and filter of a template that does not exist, in branches that are never
// taken too. It walks what liquidjs parsed, with the shapes of template-shape.ts and the names that the
// template itself gives (assign, capture, for). Where a shape cannot be known it stays silent: it has no
// false alarms, and rendering is strict anyway.

import {
  AssignTag,
  CaptureTag,
  DecrementTag,
  ForTag,
  IncrementTag,
  TablerowTag,
  TypeGuards,
  Value,
} from 'liquidjs';
import type { Liquid, Template, Token, ValueToken, PropertyAccessToken } from 'liquidjs';
import { didYouMean } from './nearest.ts';
import {
  anything,
  elementOf,
  fieldNames,
  fieldOf,
  forloopShape,
  listOf,
  plain,
  tablerowloopShape,
  templateShapes,
  text,
  type Shape,
} from './template-shape.ts';

export interface TemplateFinding {
  readonly kind: 'template_parse_error' | 'template_render_error';
  /** For its position. */
  readonly token: Token;
  readonly text: string;
}

/** Filters that hand on the list, or one item of it. */
const keepsShape = /^(?:where|reject|sort|sort_natural|reverse|uniq|compact|slice)$/;
const takesElement = /^(?:first|last|find)$/;
const givesText =
  /^(?:append|prepend|upcase|downcase|capitalize|strip|lstrip|rstrip|escape|join|replace|replace_first|remove|remove_first|truncate|truncatewords|strip_html|strip_newlines|newline_to_br|date|json)$/;

export function checkTemplate(engine: Liquid, templates: readonly Template[]): readonly TemplateFinding[] {
  return new Checker(engine, assignedNames(templates)).check(templates);
}

class Checker {
  readonly #findings: TemplateFinding[] = [];
  readonly #engine: Liquid;
  /** How often the template gives each name a value; more than once means that its shape is not known. */
  readonly #assigned: ReadonlyMap<string, number>;
  readonly #own = new Map<string, Shape>();
  readonly #blocks: ReadonlyMap<string, Shape>[] = [];

  constructor(engine: Liquid, assigned: ReadonlyMap<string, number>) {
    this.#engine = engine;
    this.#assigned = assigned;
  }

  check(templates: readonly Template[]): readonly TemplateFinding[] {
    for (const template of templates) this.#visit(template);
    return this.#findings;
  }

  #visit(template: Template): void {
    if (template instanceof ForTag || template instanceof TablerowTag) {
      this.#loop(template);
      return;
    }
    let shape = anything;
    for (const argument of template.arguments?.() ?? []) {
      shape = argument instanceof Value ? this.#value(argument) : this.#token(argument);
    }
    for (const child of childrenOf(template)) this.#visit(child);
    for (const name of localsOf(template)) this.#declare(name, shapeGiven(template, shape));
  }

  #loop(tag: ForTag | TablerowTag): void {
    const item = elementOf(this.#token(tag.collection));
    const words = tag instanceof ForTag ? tag.hash : tag.args;
    for (const word of Object.values(words.hash) as (ValueToken | undefined)[]) {
      // `offset: continue` is a word of the loop's own.
      if (word && word.getText() !== 'continue') this.#token(word);
    }
    // In its second round a loop knows what its first round assigned further down.
    for (const name of assignedNames(tag.templates).keys())
      if (!this.#own.has(name)) this.#own.set(name, anything);
    const isFor = tag instanceof ForTag;
    const loop = isFor
      ? (['forloop', forloopShape] as const)
      : (['tablerowloop', tablerowloopShape] as const);
    this.#blocks.push(new Map([[tag.variable, item], loop]));
    for (const child of tag.templates) this.#visit(child);
    this.#blocks.pop();
    if (isFor) for (const child of tag.elseTemplates) this.#visit(child);
  }

  #declare(name: string, shape: Shape): void {
    this.#own.set(name, this.#assigned.get(name) === 1 ? shape : anything);
  }

  #value(value: Value): Shape {
    const { postfix } = value.initial as unknown as { readonly postfix: readonly Token[] };
    const shapes = postfix.filter(isOperand).map((token) => this.#token(token));
    let shape = shapes.length === 1 && postfix.length === 1 ? (shapes[0] ?? anything) : anything;
    for (const filter of value.filters) {
      const { token } = filter as unknown as { readonly token: Token };
      if (!Object.hasOwn(this.#engine.filters, filter.name)) this.#report('filter', token, filter.name);
      for (const argument of filter.args) {
        const given = Array.isArray(argument) ? argument[1] : argument;
        if (given) this.#token(given);
      }
      shape = filtered(shape, filter.name);
    }
    return shape;
  }

  #token(token: Token): Shape {
    if (TypeGuards.isRangeToken(token)) {
      this.#token(token.lhs);
      this.#token(token.rhs);
      return listOf(plain);
    }
    if (TypeGuards.isQuotedToken(token)) return text;
    if (TypeGuards.isNumberToken(token)) return plain;
    return TypeGuards.isPropertyAccessToken(token) ? this.#property(token) : anything;
  }

  #property(token: PropertyAccessToken): Shape {
    const [root, ...rest] = token.props;
    let shape: Shape | null;
    let path: string;
    if (token.variable) {
      shape = this.#token(token.variable);
      path = token.variable.getText();
      if (root) rest.unshift(root);
    } else {
      const name = root === undefined ? null : segmentOf(root);
      if (typeof name !== 'string') {
        if (root) this.#token(root);
        return anything;
      }
      shape = this.#lookUp(name);
      path = name;
      if (shape === null) {
        this.#report('variable', token, name);
        return anything;
      }
    }
    for (const prop of rest) {
      const segment = segmentOf(prop);
      if (segment === null) this.#token(prop);
      const field: Shape | null = fieldOf(shape, segment);
      if (field === null) {
        const near = didYouMean(String(segment), fieldNames(shape));
        this.#find(
          'template_render_error',
          token,
          `${path} has no field "${segment}"${near}; correct the name`,
        );
        return anything;
      }
      shape = field;
      path += segment === null ? '[…]' : typeof segment === 'number' ? `[${segment}]` : `.${segment}`;
    }
    return shape;
  }

  #lookUp(name: string): Shape | null {
    for (const block of this.#blocks.toReversed()) {
      const shape = block.get(name);
      if (shape) return shape;
    }
    const own = this.#own.get(name);
    if (own) return own;
    return (Object.hasOwn(templateShapes, name) ? templateShapes[name] : undefined) ?? null;
  }

  #report(what: 'variable' | 'filter', token: Token, name: string): void {
    const own = [
      ...Object.keys(templateShapes),
      ...this.#own.keys(),
      ...this.#blocks.flatMap((block) => [...block.keys()]),
    ];
    const known = what === 'filter' ? Object.keys(this.#engine.filters) : own;
    const kind = what === 'filter' ? 'template_parse_error' : 'template_render_error';
    this.#find(kind, token, `unknown ${what} "${name}"${didYouMean(name, known)}; correct the name`);
  }

  #find(kind: TemplateFinding['kind'], token: Token, message: string): void {
    this.#findings.push({ kind, token, text: message });
  }
}

/** The last shape that was read is what `assign` gives; the other tags give what they always give. */
function shapeGiven(template: Template, shape: Shape): Shape {
  if (template instanceof AssignTag) return shape;
  if (template instanceof CaptureTag) return text;
  return template instanceof IncrementTag || template instanceof DecrementTag ? plain : anything;
}

function filtered(shape: Shape, filter: string): Shape {
  if (givesText.test(filter)) return text;
  if (filter === 'size') return plain;
  if (filter === 'split') return listOf(text);
  if (shape.kind !== 'list') return anything;
  if (takesElement.test(filter)) return shape.of;
  return keepsShape.test(filter) ? shape : anything;
}

function segmentOf(token: Token): string | number | null {
  if (TypeGuards.isWordToken(token) || TypeGuards.isQuotedToken(token)) return token.content;
  return TypeGuards.isNumberToken(token) ? token.content : null;
}

function isOperand(token: Token): boolean {
  return !TypeGuards.isOperatorToken(token);
}

function childrenOf(template: Template): readonly Template[] {
  // None of the tags that are left waits for anything: their first step is their last.
  const step = template.children?.(false, true).next();
  return step?.done ? step.value : [];
}

function localsOf(template: Template): string[] {
  return [...(template.localScope?.() ?? [])].map((name) => name.content);
}

function assignedNames(templates: readonly Template[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const template of templates) {
    for (const name of localsOf(template)) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const [name, count] of assignedNames(childrenOf(template)))
      counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return counts;
}
