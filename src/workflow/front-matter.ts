// YAML to plain data, keeping where each key and value stood, so that every later complaint can name a
// line and a column. YAML 1.2 core and nothing else: duplicate keys, unknown tags, a second document and
// alias bombs are errors. All errors of the text are reported, not only the first. gray-matter only hands
// the fenced text to the one engine it is left with: fence.ts has already judged the fence.

import matter from 'gray-matter';
import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import {
  aliasFault,
  blankRun,
  depthExceeded,
  duplicates,
  MAX_ALIAS_COUNT,
  MAX_BLANK_RUN,
  TOO_DEEP,
  type Fault,
} from './yaml-limits.ts';
import { WorkflowError, type Place } from './workflow-error.ts';

/** A binary file renamed to WORKFLOW.md gives thousands of errors; people read the first few. */
const MAX_REPORTED = 20;
/** Closes the fence for gray-matter, which would take any line that merely starts with `---`; no text holds NUL. */
const CLOSE = '\0---';

export type KeyPath = readonly (string | number)[];

export interface FrontMatter {
  readonly data: Readonly<Record<string, unknown>>;
  /** Of the value at a path, else of its nearest ancestor that is written. */
  locate(path: KeyPath): Place;
  /** Of the key itself. */
  locateKey(path: KeyPath): Place;
}

export type ParsedFrontMatter =
  | { readonly ok: true; readonly frontMatter: FrontMatter }
  | { readonly ok: false; readonly errors: readonly WorkflowError[] };

/** `yaml` null means that the file has no front matter: empty settings. */
export function parseFrontMatter(path: string, yaml: string | null): ParsedFrontMatter {
  if (yaml === null) return { ok: true, frontMatter: empty({ path }) };
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { path, line, column: col };
  };
  const blanks = blankRun(yaml);
  if (blanks !== -1) {
    const text = `more than ${MAX_BLANK_RUN} blank characters in a row; remove them`;
    const line = yaml.slice(0, blanks).split('\n').length + 1;
    return failure(new WorkflowError('workflow_parse_error', { path, line }, text));
  }
  try {
    const tooDeep = depthExceeded(yaml);
    if (tooDeep !== null) {
      const line = yaml.slice(0, tooDeep).split('\n').length + 1;
      return failure(
        new WorkflowError(
          'workflow_parse_error',
          { path, line, column: tooDeep - yaml.lastIndexOf('\n', tooDeep - 1) },
          TOO_DEEP,
        ),
      );
    }
    const document = parseWithOneEngine(yaml, lines);
    if (document === null) return { ok: true, frontMatter: empty({ path, line: 1, column: 1 }) };
    // yaml calls an unknown tag a warning and goes on with the bare value; here it is a mistake.
    const faults = [...document.errors, ...document.warnings]
      .map(({ pos: [offset], message }) => ({ offset, text: yamlText(message) }))
      .concat(duplicates(document.contents))
      .sort((a, b) => a.offset - b.offset)
      .slice(0, MAX_REPORTED);
    if (faults.length > 0) {
      const error = ({ offset, text }: Fault): WorkflowError =>
        new WorkflowError('workflow_parse_error', place(offset), text);
      return { ok: false, errors: faults.map(error) };
    }
    return read(document, place, { path, line: 1, column: 1 });
  } catch (cause) {
    return failure(
      new WorkflowError('workflow_parse_error', { path, line: 1 }, yamlText(reason(cause)), cause),
    );
  }
}

/** null when there is nothing but comments. The engine's text starts with the fence's own line end. */
function parseWithOneEngine(yaml: string, lineCounter: LineCounter): Document.Parsed | null {
  let document: Document.Parsed | null = null;
  const refuse = (): never => {
    throw new Error('only YAML is accepted as front matter');
  };
  // Options on every call: without them gray-matter caches, and answers a second call after an error with
  // an empty success.
  matter(`---\n${yaml}\n${CLOSE}`, {
    language: 'yaml',
    delimiters: ['---', CLOSE],
    engines: {
      yaml: (text) => {
        document = parseDocument(text, {
          version: '1.2',
          schema: 'core',
          lineCounter,
          prettyErrors: false,
          // 'silent' would also silence the error for a second document.
          logLevel: 'error',
          // yaml compares each key with all before it (100,000 keys take 90 s); duplicates() does not.
          uniqueKeys: false,
          stringKeys: true,
        });
        return {};
      },
      javascript: refuse,
      js: refuse,
      json: refuse,
      coffee: refuse,
      toml: refuse,
    },
  });
  return document;
}

function read(document: Document.Parsed, place: (offset: number) => Place, start: Place): ParsedFrontMatter {
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    return { ok: true, frontMatter: empty(start) };
  }
  const at = (node: unknown, fallback: Place): Place =>
    isNode(node) && node.range ? place(node.range[0]) : fallback;
  if (!isMap(root)) {
    const found = isSeq(root) ? 'a list' : 'a single value';
    const text = `the front matter is ${found}; write a map, such as "tracker:" with its keys below it`;
    return failure(new WorkflowError('workflow_front_matter_not_a_map', at(root, start), text));
  }
  const fault = aliasFault(document);
  if (fault !== null)
    return failure(new WorkflowError('workflow_parse_error', place(fault.offset), fault.text));
  const data = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT }) as Record<string, unknown>;
  const find = (path: KeyPath, wantKey: boolean): Place => {
    let node: unknown = root;
    let found = at(root, start);
    for (const [index, step] of path.entries()) {
      const next = child(resolved(node, document), step);
      if (next === undefined) break;
      const last = index === path.length - 1;
      const target = wantKey && last ? keyOf(next) : valueOf(next);
      found = at(target, at(keyOf(next), found));
      node = valueOf(next);
    }
    return found;
  };
  return {
    ok: true,
    frontMatter: { data, locate: (path) => find(path, false), locateKey: (path) => find(path, true) },
  };
}

function empty(place: Place): FrontMatter {
  return { data: {}, locate: () => place, locateKey: () => place };
}

function failure(error: WorkflowError): ParsedFrontMatter {
  return { ok: false, errors: [error] };
}

function resolved(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** A map is searched once for each of its keys: thousands of unknown ones stay cheap. */
const indexes = new WeakMap<object, Map<string, Pair>>();

function child(node: unknown, step: string | number): Node | Pair | undefined {
  if (isMap(node)) {
    let pairs = indexes.get(node);
    if (pairs === undefined) {
      pairs = new Map(node.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
      indexes.set(node, pairs);
    }
    return pairs.get(String(step));
  }
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return isNode(item) ? item : undefined;
  }
  return undefined;
}

function keyOf(entry: Node | Pair): unknown {
  return isPair(entry) ? entry.key : entry;
}

function valueOf(entry: Node | Pair): unknown {
  if (!isPair(entry)) return entry;
  // `key:` with nothing after it has an empty node that stands past the line's end.
  const { value } = entry;
  return isScalar(value) && value.value === null && value.source === '' ? entry.key : value;
}

function reason(cause: unknown): string {
  if (cause instanceof RangeError) return 'nested too deeply';
  return cause instanceof Error ? cause.message : String(cause);
}

function yamlText(message: string): string {
  return `the front matter is not valid YAML: ${message.replace(/; please use.*$|\.$/, '')}; correct it (often an indentation, or a value with a colon that needs quotes)`;
}
