// A refusal of the daemon, and which of its words belong to which field. Pure. What names no field stands beside the
// buttons; the daemon's words are never changed.

export interface Refusal {
  /** `already_decided`, `not_in_group`, `policy_denied`, … */
  readonly code: string;
  readonly message: string;
}

/** e.g. `create_issues: issues.3.summary: is blank; priority: is blank`. */
export function wordsByField(refusal: Refusal | null): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  if (refusal === null || refusal.code !== 'invalid_details') return words;
  const said = refusal.message.replace(/^[a-z_]+: /, '');
  for (const part of said.split('; ')) {
    const found = /^([A-Za-z][\w.]*): (.+)$/.exec(part);
    if (found === null) continue;
    const [, path = '', text = ''] = found;
    const place = fieldOf(path);
    words.set(place, words.has(place) ? `${words.get(place) ?? ''}; ${text}` : text);
  }
  return words;
}

/** `issues.3.labels.0` → `issues.3.labels`; `customFields.x` → `customFields`. */
function fieldOf(path: string): string {
  const parts = path.split('.');
  return parts[0] === 'issues' && parts.length > 2 ? parts.slice(0, 3).join('.') : (parts[0] ?? '');
}
