// The environment that hooks and agents start with: an allow-list, never the daemon's whole environment,
// because anything a child can read it can print, send or commit. Names that look like secrets are left out
// of the SORTIE_ family; whoever wants one passed on has to name it in `pass`.

import { looksSecret } from '../contract/secret-names.ts';

/** Names that every hook and agent gets when the daemon has them. */
const ALWAYS_PASSED = [
  'PATH',
  'HOME',
  'SHELL',
  'TMPDIR',
  'USER',
  'LOGNAME',
  'TERM',
  'LANG',
  'LC_ALL',
  'SSH_AUTH_SOCK',
] as const;

/** What {@link buildEnvironment} needs to know. */
export interface EnvironmentOptions {
  /** The environment to choose from, usually the daemon's own. Absent values are skipped. */
  readonly from: Readonly<Record<string, string | undefined>>;
  /** Names of variables that a secret setting came from; never passed as part of the SORTIE_ family. */
  readonly secretNames: ReadonlySet<string>;
  /** Names that an adapter asks for: exact, or a prefix with one trailing `*` (`CLAUDE_*`). Never wins over `secretNames`. */
  readonly declared?: readonly string[];
  /** Names that the user passes on, in the same forms. Only an exact name wins over `secretNames`. */
  readonly pass: readonly string[];
  /** Variables to set whatever `from` says. Wins over everything. */
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * Builds the environment of a hook or an agent: the fixed list, every `SORTIE_*` that is no secret, the names of
 * `declared` and `pass`, then `extra`, which wins.
 */
export function buildEnvironment(options: EnvironmentOptions): Record<string, string> {
  const { secretNames } = options;
  const isDeclared = nameMatcher([...(options.declared ?? []), ...options.pass]);
  const isNamed = (name: string): boolean => options.pass.includes(name);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.from)) {
    if (value === undefined) continue;
    const isWanted = isDeclared(name) && !secretNames.has(name);
    if (isAlwaysPassed(name) || isHarmlessOwnName(name, secretNames) || isWanted || isNamed(name)) {
      environment[name] = value;
    }
  }
  return { ...environment, ...options.extra };
}

function isAlwaysPassed(name: string): boolean {
  return (ALWAYS_PASSED as readonly string[]).includes(name);
}

function isHarmlessOwnName(name: string, secretNames: ReadonlySet<string>): boolean {
  return name.startsWith('SORTIE_') && !secretNames.has(name) && !looksSecret(name);
}

function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
