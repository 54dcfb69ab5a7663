// The one error of this folder, and how places in WORKFLOW.md are written. Every message is one line,
// `path:line:column: what; what to do`, with lines and columns counted in the file as an editor shows it.

export const WORKFLOW_ERROR_KINDS = [
  'missing_workflow_file',
  'workflow_parse_error',
  'workflow_front_matter_not_a_map',
  'template_parse_error',
  'template_render_error',
] as const;

/** Closed list. The first three stop a load, the last two a load or one attempt. */
export type WorkflowErrorKind = (typeof WORKFLOW_ERROR_KINDS)[number];

/** A place in a file; 1-based. Without a line the whole file is meant. */
export interface Place {
  readonly path: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Thrown by `createTemplate` and `render`; `loadWorkflow` turns its own into problems. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';
  readonly kind: WorkflowErrorKind;
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;

  constructor(kind: WorkflowErrorKind, place: Place, text: string, cause?: unknown) {
    super(`${showPlace(place)}: ${oneLine(text)}`, { cause });
    this.kind = kind;
    this.path = place.path;
    this.line = place.line ?? null;
    this.column = place.column ?? null;
  }
}

/** `path`, `path:line` or `path:line:column`. */
export function showPlace({ path, line, column }: Place): string {
  if (line === undefined) return path;
  return column === undefined ? `${path}:${line}` : `${path}:${line}:${column}`;
}

/** Line breaks and other control characters would let a file's text forge lines of the log. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
