// Hooks that fail, hang, flood or leave something behind: the attempt that needed them fails and is retried, the
// others are only logged, and nothing of them is left running. Only issues whose hooks hang are begun while the limit is
// a short one.

import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, type Daemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, processesIn, until, type Folder } from './program.ts';

let folder: Folder;
let daemon: Daemon;
const NAMES = ['after_create', 'before_run', 'after_run', 'before_remove'];
const WAYS = ['fail', 'hang', 'flood', 'fork'];
const ALL = WAYS.flatMap((way) => NAMES.map((name) => `${way}-${name}`));
const issues = (state: (identifier: string) => string): object[] =>
  ALL.map((identifier, n) => makeIssue(n + 1, { identifier, state: state(identifier) }));
const SHORT_MS = 6000;

/** What a hook does, by the issue that it runs for. */
const hook = (name: string): string => `
echo "${name} $SORTIE_ISSUE_IDENTIFIER $SORTIE_ATTEMPT" >> ${folder.file('hooks.txt')}
case "$SORTIE_ISSUE_IDENTIFIER-$SORTIE_ATTEMPT" in
  fail-${name}-0) echo "words of ${name}" >&2; exit 3;;
  hang-${name}-0) trap '' TERM; sleep 300;;
  flood-${name}-0) head -c 100000000 /dev/zero | tr '\\0' 'x';;
  fork-${name}-0) setsid sh -c 'trap "" TERM; sleep 300' & exit 0;;
esac
`;

beforeAll(async () => {
  folder = await makeFolder();
  await folder.writeIssues(issues((identifier) => (identifier.startsWith('hang') ? 'First' : 'Second')));
  await configure(['First'], SHORT_MS);
  daemon = await startDaemon(folder);
  // Each hook notes that it was begun, and a run keeps the limits that it was begun with.
  await until('those that hang', () =>
    NAMES.slice(0, 3).every((name) => noted().includes(`${name} hang-${name} 0\n`)),
  );
  await configure(['First', 'Second'], 600_000);
  await until(
    'every issue to be handed off',
    async () => (await folder.issues()).every(({ state }) => state === 'In Review'),
    150_000,
  );
}, 180_000);
const noted = (): string =>
  existsSync(folder.file('hooks.txt')) ? readFileSync(folder.file('hooks.txt'), 'utf8') : '';
async function configure(active: readonly string[], timeoutMs: number): Promise<void> {
  const base = baseSettings(folder, 'true');
  await folder.writeWorkflow({
    ...base,
    tracker: { ...(base['tracker'] as object), active_states: active },
    hooks: { ...Object.fromEntries(NAMES.map((name) => [name, hook(name)])), timeout_ms: timeoutMs },
    agent: { ...(base['agent'] as object), max_concurrent_agents: 20 },
  });
}
afterAll(async () => {
  await daemon.stop();
  expect(await folder.close()).toEqual([]);
});

const statuses = async (identifier: string): Promise<string[]> =>
  (await daemon.runs(identifier)).map(({ status }) => status).reverse();

describe.each(['after_create', 'before_run'])('%s', (name) => {
  it.each(['fail', 'hang'])('that does %s fails the attempt, which is retried', async (way) => {
    const runs = await daemon.runs(`${way}-${name}`);
    expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
    expect(runs[1]?.error).toContain(name);
  });

  it.each(['flood', 'fork'])('that does %s is only output', async (way) => {
    expect(await statuses(`${way}-${name}`)).toEqual(['succeeded']);
  });
});

describe('after_run', () => {
  it.each(WAYS)('that does %s is logged, and the run has ended well', async (way) => {
    expect(await statuses(`${way}-after_run`)).toEqual(['succeeded']);
  });

  it('says what it said', () => {
    expect(daemon.says(/level=WARN[^\n]*after_run[^\n]*/)).toBeGreaterThan(0);
    expect(daemon.program.stderr()).toContain('words of after_run');
  });
});

it('keeps nothing of a flood but its beginning and its end', () => {
  expect(daemon.program.stderr().length).toBeLessThan(2_000_000);
  const rss = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${daemon.program.child.pid}/status`, 'utf8'))?.[1];
  expect(Number(rss)).toBeLessThan(400_000);
});

it('leaves nothing running', async () => {
  await until('the last hook to end', () => processesIn(folder.path).length === 0);
});

it('runs the hooks of a workspace that is removed after a restart, too', async () => {
  await daemon.stop();
  // Not before: a daemon that runs long enough removes the workspaces itself.
  await folder.writeIssues(issues(() => 'Done'));
  await configure(['First', 'Second'], SHORT_MS);
  daemon = await startDaemon(folder);
  await until('the folders to go', () =>
    WAYS.every((way) => !existsSync(folder.file(`workspaces/${way}-before_remove`))),
  );
  expect(noted()).toMatch(/^before_remove fail-before_remove /m);
  expect(daemon.says(/level=WARN[^\n]*hook failed[^\n]*before_remove/)).toBeGreaterThan(0);
  await until('the last hook to end', () => processesIn(folder.path).length === 0);
});
