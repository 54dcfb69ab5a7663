// The last look at an answer before it leaves: known secret values are taken out of its free text. The log
// and the store redact too; this holds "no secret in any answer" even for what never passed through them,
// such as an agent's last message. Codes, ids and times are left alone: a harmless value of `agent.env` may
// well be the word "error", and an answer must still fit its schema.

export type Redact = (text: string) => string;

/** Fields whose text comes from trackers, agents, settings or the file system; all below them counts too. */
const FREE_TEXT = new Set([
  'title',
  'state',
  'detail',
  'error',
  'evidence',
  'message',
  'last_error',
  'last_message',
  'model_name',
  'path',
  'workspace_path',
  'preflight_problems',
  'name',
  'reload_error',
  'tools',
  'text',
  'group',
  'labels',
  'url',
  'issue_url',
  'issue_state',
  'workflow_path',
  'by',
  'value',
  'place',
  'details',
  'modifiedDetails',
  'decisionNote',
  'decided_by',
  'summary',
  'fields',
  'rule',
  'lines',
  'problem',
  'schema_error',
  'description',
  'enum',
]);
/** `reason` is a code elsewhere; in these it is what somebody wrote. */
const FREE_REASON = new Set(['dispatch', 'actions', 'throttles', 'tracker_throttles']);

/** Every free text redacted. Only what held a secret is copied: an answer may be thousands of entries. */
export function redactAnswer<T>(answer: T, redact: Redact): T {
  return walk(answer, redact, false, '') as T;
}

/** `within`: the name of the field that holds this value, or the list that it is in. */
function walk(value: unknown, redact: Redact, free: boolean, within: string): unknown {
  if (typeof value === 'string') return free ? redact(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const whole = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | null = null;
  for (const key of Object.keys(whole)) {
    const item = whole[key];
    const isFree = free || FREE_TEXT.has(key) || (key === 'reason' && FREE_REASON.has(within));
    const redacted = walk(item, redact, isFree, Array.isArray(value) ? within : key);
    if (redacted === item) continue;
    copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...whole }) as Record<string, unknown>;
    copy[key] = redacted;
  }
  return copy ?? value;
}
