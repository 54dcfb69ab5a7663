// JQL as we send it. Every value is quoted, because 176 words are reserved (the project key DO among them), and
// escaped, so that any name of a state, project or priority survives. What a person wrote into query_filter is not
// understood here: it must only be unable to leave its parentheses. A query for nothing is null: there is no request.

export interface JqlScope {
  readonly project: string;
  readonly states: readonly string[];
  /** "" = none. */
  readonly filter: string;
}

/** Which part of the candidates, when their priorities are asked for one by one (`jira.priority_order`). */
export type PriorityTier =
  | { readonly kind: 'all' }
  | { readonly kind: 'named'; readonly name: string }
  /** Those with another priority than these, or with none. */
  | { readonly kind: 'rest'; readonly names: readonly string[] };

/** Longest list in one query: keeps GET URLs within safe limits (seed). */
const batchSize = 40;

// eslint-disable-next-line no-control-regex
const mustEscape = /["\\]|[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}/gu;

/** A JQL string. Jira's grammar knows `\"`, `\\`, `\t`, `\n` and `\uXXXX`. */
export function quoteJql(text: string): string {
  // Lone surrogates, which no URL can carry, and the controls and noncharacters that Jira refuses become \uXXXX.
  const escaped = text.replace(mustEscape, (char) => {
    if (char === '"' || char === '\\') return `\\${char}`;
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** All candidates, in the seed's words. Jira's ASC is least urgent first: who reads all of it sorts by itself. */
export function candidatesJql(scope: JqlScope): string | null {
  return scoped(scope, '', 'priority ASC, created ASC');
}

/** Candidates in dispatch order: most urgent first, then oldest first. For who stops reading early. */
export function dispatchOrderJql(scope: JqlScope, tier: PriorityTier): string | null {
  switch (tier.kind) {
    case 'all':
      return scoped(scope, '', 'priority DESC, created ASC');
    case 'named':
      return scoped(scope, `priority = ${quoteJql(tier.name)}`, 'created ASC');
    case 'rest': {
      // NOT IN leaves out issues without a priority.
      const rest = `(priority NOT IN ${list(tier.names.map(quoteJql))} OR priority IS EMPTY)`;
      return scoped(scope, tier.names.length === 0 ? '' : rest, 'priority DESC, created ASC');
    }
  }
}

export function byStatesJql(scope: JqlScope): string | null {
  return scoped(scope, '', 'created ASC');
}

/** The same issues as `byStatesJql`, for counting: no order. */
export function countJql(scope: JqlScope): string | null {
  return restriction(scope);
}

/** Whether the candidates hold this one; of its id and key, the id, which stays when an issue is moved. */
export function candidateTestJql(scope: JqlScope, issue: { id: string; identifier: string }): string | null {
  const restricted = restriction(scope);
  if (restricted === null) return null;
  if (isNumericId(issue.id)) return `${restricted} AND id = ${issue.id}`;
  return isKey(issue.identifier) ? `${restricted} AND key = ${quoteJql(issue.identifier)}` : null;
}

/** Ids that are not numbers are left out: they would name other issues or make the whole query a 400. */
export function byIdsJql(ids: readonly string[]): string | null {
  const numeric = ids.filter(isNumericId);
  return numeric.length === 0 ? null : `id IN ${list(numeric)} ORDER BY key ASC`;
}

export function byKeysJql(keys: readonly string[]): string | null {
  return keys.length === 0 ? null : `key IN ${list(keys.map(quoteJql))} ORDER BY key ASC`;
}

/** Jira's ids are Java longs. */
export function isNumericId(id: string): boolean {
  return /^\d{1,19}$/.test(id) && BigInt(id) <= 9_223_372_036_854_775_807n;
}

/** What no key can be would only make a batch a 400, or a path lead elsewhere. */
export function isKey(key: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*-\d+$/.test(key);
}

/** In order, without repeats, at most `batchSize` (40) each. */
export function inBatches(values: readonly string[], size: number = batchSize): string[][] {
  const distinct = [...new Set(values)];
  return Array.from({ length: Math.ceil(distinct.length / size) }, (_, index) =>
    distinct.slice(index * size, (index + 1) * size),
  );
}

function scoped(scope: JqlScope, extra: string, order: string): string | null {
  const restricted = restriction(scope);
  if (restricted === null) return null;
  return `${restricted}${extra === '' ? '' : ` AND ${extra}`} ORDER BY ${order}`;
}

function restriction({ project, states, filter }: JqlScope): string | null {
  if (states.length === 0) return null;
  const base = `project = ${quoteJql(project)} AND status IN ${list(states.map(quoteJql))}`;
  return filter.trim() === '' ? base : `${base} AND (${filter.trim()})`;
}

function list(values: readonly string[]): string {
  return `(${values.join(', ')})`;
}

/**
 * Whether a `query_filter` stays inside the parentheses that are put around it: brackets and quotes balance, and
 * there is no ORDER BY. null = it does; else what is wrong, with the column (1-based), in one line.
 */
export function checkQueryFilter(filter: string): string | null {
  const open: { bracket: string; column: number }[] = [];
  for (const { text, index, quoted } of tokens(filter)) {
    const column = index + 1;
    if (quoted !== '' && !closes(text, quoted)) {
      return `column ${column}: the quote ${quoted} is not closed; close it, or write \\${quoted} for the character itself`;
    }
    if (text === '(' || text === '[') open.push({ bracket: text, column });
    if (text === ')' || text === ']') {
      const last = open.pop();
      if (last === undefined) return `column ${column}: ${text} closes nothing; remove it, or open it before`;
      if ((last.bracket === '(') !== (text === ')')) {
        return `column ${column}: ${text} does not close the ${last.bracket} of column ${last.column}; correct one`;
      }
    }
    if (
      quoted === '' &&
      /^order$/i.test(text) &&
      /^\s+by(?![\w.-])/iu.test(filter.slice(index + text.length))
    ) {
      return `column ${column}: ORDER BY is not allowed, the order is Sortie's; remove it`;
    }
  }
  const last = open.at(-1);
  return last ? `column ${last.column}: ${last.bracket} is not closed; close it` : null;
}

interface Token {
  readonly text: string;
  readonly index: number;
  /** The quote it begins with; "" for brackets and words. */
  readonly quoted: string;
}

/** Strings (also one that is never closed), brackets and words; a backslash takes the next character with it. */
function* tokens(filter: string): Generator<Token> {
  const token =
    /"(?:\\[^]|[^"\\])*(?:"|\\?$)|'(?:\\[^]|[^'\\])*(?:'|\\?$)|[()[\]]|(?:\\[^]|[^\s"'()[\]\\=!<>~,|&])+|[^]/gu;
  for (const match of filter.matchAll(token)) {
    const [text] = match;
    yield { text, index: match.index, quoted: /^["']/.test(text) ? text.charAt(0) : '' };
  }
}

function closes(text: string, quote: string): boolean {
  return (
    text.length > 1 && text.endsWith(quote) && (/\\*$/.exec(text.slice(0, -1))?.[0].length ?? 0) % 2 === 0
  );
}
