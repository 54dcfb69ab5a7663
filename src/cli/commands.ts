// The commands by name, each imported only when it is the one that was asked for: `--version` must not load a web
// server, nor `sortie pause` a tracker's client.

import { DAEMON_CONTROLS, ISSUE_CONTROLS, type ControlName } from '../contract/controls.ts';

export type Main = (args: readonly string[]) => Promise<number>;

const control = (name: ControlName) => async (): Promise<Main> => {
  const { main } = await import('./control.ts');
  return (args) => main(name, args);
};

const controls = Object.fromEntries(
  [...DAEMON_CONTROLS, ...ISSUE_CONTROLS].map((name) => [name, control(name)]),
);

const commands: Readonly<Record<string, () => Promise<Main>>> = {
  run: async () => (await import('./run.ts')).main,
  validate: async () => (await import('./validate.ts')).main,
  doctor: async () => (await import('./doctor.ts')).main,
  status: async () => (await import('./status.ts')).main,
  explain: async () => (await import('./explain.ts')).main,
  logs: async () => (await import('./logs.ts')).main,
  history: async () => (await import('./history.ts')).main,
  stats: async () => (await import('./stats.ts')).main,
  approvals: async () => (await import('./approvals.ts')).main,
  outbox: async () => (await import('./outbox.ts')).main,
  audit: async () => (await import('./audit.ts')).main,
  tools: async () => (await import('./tools.ts')).main,
  refresh: async () => (await import('./refresh.ts')).main,
  'mcp-server': async () => (await import('./mcp-server.ts')).main,
  ...controls,
};

export const COMMAND_NAMES: readonly string[] = Object.keys(commands);

/** null = no command of this name. */
export async function findCommand(name: string): Promise<Main | null> {
  return Object.hasOwn(commands, name) ? ((await commands[name]?.()) ?? null) : null;
}
