// liquidjs, shut tight: no files, no partials, own properties only, no filter that evaluates text it is
// given, and limits on length, nesting, memory, output and time. The time limit is checked at every step of
// every generator, because liquidjs alone looks at the clock only between tags.

import {
  Context,
  Liquid,
  Tag,
  toValue,
  type Emitter,
  type Template,
  type TopLevelToken,
  type TagToken,
} from 'liquidjs';
import { FILE_LIMIT_BYTES } from './read-file.ts';

export interface RenderLimits {
  readonly timeMs: number;
  /** Characters of the result. */
  readonly outputLength: number;
  /** liquidjs's own count: characters handled and list items made. */
  readonly memory: number;
}

/**
 * A prompt takes about a millisecond; the output is more than any agent reads. A sort of the longest list that the
 * memory limit allows cannot be interrupted and takes well under a second.
 */
export const defaultLimits: RenderLimits = { timeMs: 1000, outputLength: 2_000_000, memory: 8_000_000 };

const MAX_NESTING = 100;

/** They parse their argument as an expression, and issue text is data; `sample` is chance. */
const refusedFilters = /_exp$|^sample$/;
const refusedTags = ['include', 'render', 'layout', 'block'];

export function createEngine(options: {
  readonly strictFilters: boolean;
  readonly outputLength: number;
}): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: options.strictFilters,
    ownPropertyOnly: true,
    lenientIf: false,
    cache: false,
    dynamicPartials: false,
    relativeReference: false,
    parseLimit: FILE_LIMIT_BYTES,
    fs: {
      exists: async () => false,
      existsSync: () => false,
      readFile: async () => Promise.reject(new Error('templates read no files')),
      readFileSync: () => {
        throw new Error('templates read no files');
      },
      resolve: (_directory, file) => file,
    },
  });
  for (const name of Object.keys(engine.filters))
    if (refusedFilters.test(name)) engine.unregisterFilter(name);
  for (const name of refusedTags) engine.registerTag(name, RefusedTag);
  const inner = engine.renderer;
  // What stands inside of tags comes back to the renderer too, and a capture brings no emitter of its own.
  const bounded = Object.assign(Object.create(inner) as typeof inner, {
    renderTemplates: (templates: Template[], context: Context, emitter?: Emitter) =>
      inner.renderTemplates(templates, context, emitter ?? new BoundedEmitter(options.outputLength)),
  });
  Object.defineProperty(engine, 'renderer', { value: bounded });
  return engine;
}

class RefusedTag extends Tag {
  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    throw new Error(`the tag "${token.name}" is not supported: a prompt is one file`);
  }
  render(): void {}
}

const opener = /^(?:if|unless|for|case|capture|tablerow)$/;
const pieces = /(\{[{%])-?\s*([a-z]+)?|([%}]\})|([[(])|([\])])|\n[ \t]*([a-z]+)/g;

/**
 * liquidjs recurses as deep as tags and brackets are nested. null when that is well within the stack. Text
 * outside of tags is not looked at; inside of one, the first word of each line counts, as in `{% liquid %}`.
 */
export function nestingExceeded(source: string): string | null {
  let inside = false;
  let blocks = 0;
  let brackets = 0;
  for (const [, start, firstWord, end, open, close, lineWord] of source.matchAll(pieces)) {
    if (start || end) {
      inside = start !== undefined;
      brackets = 0;
    }
    if (!inside) continue;
    if (open) brackets += 1;
    if (close) brackets -= 1;
    const word = firstWord ?? lineWord ?? '';
    if (opener.test(word)) blocks += 1;
    else if (word.startsWith('end') && opener.test(word.slice(3))) blocks -= 1;
    if (blocks > MAX_NESTING || brackets > MAX_NESTING)
      return `nested more than ${MAX_NESTING} deep; simplify it`;
  }
  return null;
}

/** Throws what liquidjs throws; the caller knows the place. `now` is monotonic, in milliseconds. */
export function renderBounded(
  engine: Liquid,
  templates: Template[],
  scope: object,
  limits: Pick<RenderLimits, 'timeMs' | 'memory'>,
  now: () => number,
): string {
  const deadline = now() + limits.timeMs;
  const context = new Context(
    scope,
    engine.options,
    { sync: true, memoryLimit: limits.memory },
    { liquid: engine },
  );
  const checkTime = (): void => {
    if (now() > deadline) throw new Error(`rendering takes longer than ${limits.timeMs} ms`);
  };
  return String(drive(engine.renderer.renderTemplates(templates, context), checkTime));
}

class BoundedEmitter implements Emitter {
  buffer = '';
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  write(value: unknown): void {
    const added = asText(value);
    if (this.buffer.length + added.length > this.#limit) {
      throw new Error(`the text grows beyond ${this.#limit} characters`);
    }
    this.buffer += added;
  }
}

/** As liquidjs prints values. */
function asText(from: unknown): string {
  const value: unknown = toValue(from);
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(asText).join('');
  return String(value as string);
}

/** liquidjs's own synchronous driver, with a look at the clock at every step. */
function drive(value: unknown, checkTime: () => void): unknown {
  if (!isGenerator(value)) return value;
  let sent: unknown;
  let failed = false;
  for (;;) {
    // An error on its way up is let through, so that it gets the place of the tag where time ran out.
    if (!failed) checkTime();
    const step = failed ? value.throw(sent) : value.next(sent);
    if (step.done) return drive(step.value, checkTime);
    failed = false;
    try {
      sent = drive(step.value, checkTime);
    } catch (error) {
      failed = true;
      sent = error;
    }
  }
}

function isGenerator(value: unknown): value is Generator {
  return (
    typeof value === 'object' &&
    value !== null &&
    'next' in value &&
    'throw' in value &&
    typeof value.next === 'function' &&
    typeof value.throw === 'function'
  );
}
