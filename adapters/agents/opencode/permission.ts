// From lists of tools to opencode's `permission` map. The last rule that matches wins there, and maps of several
// configuration files are merged key by key with the first one's order; so an allow-list names every permission that
// opencode knows, lest one of the user's or the repository's own allow stay in force.

/** Values of the map that we write. */
export type PermissionMap = Readonly<Record<string, 'allow' | 'deny'>>;

const TOOL_NAME = /^[A-Za-z][A-Za-z0-9_.-]*\*?$/;

/** All permissions of opencode 1.18 that a tool is decided by. */
const KNOWN_PERMISSIONS = [
  ...['bash', 'edit', 'read', 'glob', 'grep', 'list', 'task', 'skill', 'lsp', 'question'],
  ...['todowrite', 'todoread', 'webfetch', 'websearch', 'codesearch'],
];

/** Tools without a permission of their own. */
const DECIDED_BY_EDIT = new Set(['write', 'patch', 'apply_patch', 'multiedit']);

/** The permission that decides over a tool; null when this is no tool name. */
export function toolRule(name: string): string | null {
  if (!TOOL_NAME.test(name)) return null;
  return DECIDED_BY_EDIT.has(name) ? 'edit' : name;
}

/** Permissions in both lists. */
export function overlapOf(allowed: readonly string[], denied: readonly string[]): readonly string[] {
  const rules = new Set(allowed.map(toolRule));
  return [...new Set(denied.flatMap((name) => toolRule(name) ?? []))].filter((rule) => rules.has(rule));
}

/** null when neither list says anything. */
export function permissionMap(
  allowed: readonly string[] | undefined,
  denied: readonly string[] | undefined,
): PermissionMap | null {
  if (allowed === undefined && denied === undefined) return null;
  const map: Record<string, 'allow' | 'deny'> = {};
  if (allowed !== undefined) {
    for (const rule of ['*', ...KNOWN_PERMISSIONS]) map[rule] = 'deny';
    // A rule that is already there would keep its early place, before the wildcards of ours that follow.
    for (const name of allowed) delete map[toolRule(name) ?? name];
    for (const name of allowed) map[toolRule(name) ?? name] = 'allow';
  }
  for (const name of denied ?? []) {
    const rule = toolRule(name) ?? name;
    delete map[rule];
    map[rule] = 'deny';
  }
  return map;
}
