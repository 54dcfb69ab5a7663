// The names of a run's files: `<run id>.jsonl` is written now, `<run id>.1.jsonl` was the first part, `.2.` the
// next; `<run id>.prompts.jsonl` holds what its agent was told. Only a UUID is ever made into a name, so that no run id
// leads anywhere else.

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const RUN_ID = new RegExp(`^${UUID}$`);
const NAME = new RegExp(`^(${UUID})(?:\\.([1-9][0-9]{0,8}|prompts))?\\.jsonl$`);

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

export function currentName(runId: string): string {
  return `${runId}.jsonl`;
}

/** Of a part that is full. */
export function partName(runId: string, part: number): string {
  return `${runId}.${part}.jsonl`;
}

export function promptsName(runId: string): string {
  return `${runId}.prompts.jsonl`;
}

export interface NamedFile {
  readonly runId: string;
  /** null = the one that is (or was) written last. */
  readonly part: number | 'prompts' | null;
}

/** null for every other file. */
export function parseName(name: string): NamedFile | null {
  const [, runId, part] = NAME.exec(name) ?? [];
  if (runId === undefined) return null;
  if (part === undefined) return { runId, part: null };
  return { runId, part: part === 'prompts' ? part : Number(part) };
}
