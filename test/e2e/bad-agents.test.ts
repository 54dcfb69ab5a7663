// Agents that exit in every way, flood, hang, stall, ignore SIGTERM, leave helpers or write odd status files: what
// follows is the contract's table, and nothing of them is left running. A run keeps the limits that it was begun with:
// short ones are only for those that are to run into them, so that a busy machine changes nothing. Those that refuse to
// work for anybody are in refusing-agents.test.ts, because they stop all the others.

import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type Daemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, processesIn, until, type Folder } from './program.ts';

interface Case {
  /** What the first attempt does; every later one succeeds. */
  readonly does: string;
  /** Statuses of the runs, oldest first. */
  readonly runs: readonly string[];
  readonly park?: string;
  /** The state that the issue is in, which says when it is begun; the last one unless it is given. */
  readonly state?: keyof typeof LIMITS;
}

const NO_LIMIT = 600_000;
/** In the order in which they come into force. */
const LIMITS = {
  Silent: { turn_timeout_ms: NO_LIMIT, stall_timeout_ms: 2000 },
  Endless: { turn_timeout_ms: 4000, stall_timeout_ms: NO_LIMIT },
  Ready: { turn_timeout_ms: NO_LIMIT, stall_timeout_ms: NO_LIMIT },
};

const CASES: Readonly<Record<string, Case>> = {
  'exits-0': { does: 'exit 0', runs: ['succeeded'] },
  'exits-1': { does: 'exit 1', runs: ['failed', 'succeeded'] },
  'exits-75': { does: 'exit 75', runs: ['failed', 'succeeded'] },
  'exits-77': { does: 'echo "May I?"; exit 77', runs: ['failed'], park: 'input_required' },
  'dies-of-a-signal': { does: 'kill -SEGV $$', runs: ['failed', 'succeeded'] },
  'prints-50-MB-on-one-line': { does: "head -c 50000000 /dev/zero | tr '\\0' x", runs: ['succeeded'] },
  'prints-bad-events': {
    does: `printf '{"event":"token_usage","input_tokens":-5}\\n{"event":\\n{}\\n\\377\\376\\n{"event":"nope"}\\n'`,
    runs: ['succeeded'],
  },
  'never-ends': {
    does: 'while :; do echo still; sleep 0.2; done',
    runs: ['timed_out', 'succeeded'],
    state: 'Endless',
  },
  stalls: { does: 'sleep 300', runs: ['stalled', 'succeeded'], state: 'Silent' },
  'ignores-SIGTERM': {
    does: "trap '' TERM; while :; do sleep 1; done",
    runs: ['stalled', 'succeeded'],
    state: 'Silent',
  },
  'leaves-a-helper': {
    does: `setsid sh -c 'trap "" TERM HUP; sleep 300' & sleep 0.1`,
    runs: ['succeeded'],
  },
  'holds-the-pipe': { does: 'sleep 300 & exit 0', runs: ['succeeded'] },
  'is-blocked': { does: 'echo blocked > .sortie/status', runs: ['blocked'], park: 'blocked' },
  'wants-review': { does: 'echo needs-human-review > .sortie/status', runs: ['needs_human_review'] },
  'writes-garbage': { does: 'head -c 100000 /dev/urandom > .sortie/status', runs: ['succeeded'] },
  'links-its-status': { does: 'ln -s $OUTSIDE/status .sortie/status', runs: ['succeeded'] },
  'links-its-folder': { does: 'rm -r .sortie; ln -s $OUTSIDE .sortie', runs: ['succeeded'] },
  'removes-its-workspace': { does: 'cd /; rm -r "$SORTIE_WORKSPACE"', runs: ['succeeded'] },
};

let folder: Folder;
let daemon: Daemon;
beforeAll(async () => {
  folder = await makeFolder();
  await mkdir(folder.file('outside'));
  await folder.write('outside/status', 'blocked\n');
  const cases = Object.entries(CASES).map(([name, { does }]) => `${name}) ${does};;`);
  const script = `test "$SORTIE_ATTEMPT" = 0 || exit 0\ncase $SORTIE_ISSUE_IDENTIFIER in\n${cases.join('\n')}\nesac\n`;
  await folder.write('agent.sh', script);
  const base = baseSettings(folder, `sh ${folder.file('agent.sh')}`);
  const agent = {
    ...(base['agent'] as object),
    max_concurrent_agents: 30,
    env: { OUTSIDE: folder.file('outside') },
  };
  await folder.writeIssues(
    Object.entries(CASES).map(([identifier, { state = 'Ready' }], n) =>
      makeIssue(n + 1, { identifier, state }),
    ),
  );
  const active: string[] = [];
  for (const [state, limits] of Object.entries(LIMITS)) {
    active.push(state);
    const tracker = { ...(base['tracker'] as object), active_states: active };
    await folder.writeWorkflow({ ...base, tracker, agent: { ...agent, ...limits } });
    if (active.length === 1) daemon = await startDaemon(folder);
    else await until('the reload', () => daemon.says('workflow reloaded') === active.length - 1);
    for (const [identifier, one] of Object.entries(CASES)) {
      if (one.state === state) await until(`${identifier} to begin`, () => hasBegun(identifier));
    }
  }
  await until(
    'every issue to be decided',
    async () => {
      const { counts } = await daemon.state();
      const open = (await folder.issues()).filter(({ state }) => state !== 'In Review').length;
      return counts.running === 0 && counts.retrying === 0 && counts.parked === open;
    },
    150_000,
  );
}, 180_000);
const hasBegun = async (identifier: string): Promise<boolean> =>
  (await daemon.running(identifier))?.phase === 'streaming_turn' ||
  (await daemon.runs(identifier)).length > 0;
afterAll(async () => {
  await daemon.stop();
  expect(await folder.close()).toEqual([]);
});

it.each(Object.entries(CASES))('an agent that %s', async (identifier, { runs, park }) => {
  expect((await daemon.runs(identifier)).map(({ status }) => status).reverse()).toEqual(runs);
  expect((await daemon.parked(identifier))?.reason).toBe(park);
});

it('says who asked what, and warns about status files that it ignored', async () => {
  expect((await daemon.parked('exits-77'))?.detail).toContain('May I?');
  for (const identifier of ['writes-garbage', 'links-its-status', 'links-its-folder']) {
    expect(daemon.says(new RegExp(`level=WARN msg="status file ignored" [^\\n]*${identifier}`))).toBe(1);
  }
});

it('keeps its memory bounded and leaves nothing running', () => {
  const { pid } = daemon.program.child;
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  expect(Number(peak)).toBeLessThan(300_000);
  expect(processesIn(folder.path)).toEqual([]);
});
