// One story for every agent kind, told with the built daemon: many issues at once, each with an agent that behaves in
// its own way, then a kill of the daemon in the middle of a tool, then refused credentials, then a usage limit.
// The tests of one kind share a daemon and go on from each other, in this order.

import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../program.ts';
import { tokensOf } from './kind.ts';
import type { Kind } from './kind.ts';
import { SAID, setScene, TRACKER_KEY } from './scene-daemon.ts';
import type { SceneDaemon } from './scene-daemon.ts';

const WORKS = 'E2E-1';
const BROKEN = 'E2E-2';
const IN_STREAM = 'E2E-3';
const IN_TOOL = 'E2E-4';
const TURN_LIMIT = 'E2E-5';
const KILLED = 'E2E-6';
const REFUSED = 'E2E-7';
const AFTER_REFUSED = 'E2E-8';
const LIMITED = 'E2E-9';
const AFTER_LIMITED = 'E2E-10';

/** In the second turn of a session that has used something already. */
const KILLED_LATER = 'E2E-11';

const CALLS = 3;
const partly = (part: object): unknown => expect.objectContaining(part);

export function tellStoryOf(kind: Kind): void {
  describe(`the agent ${kind.kind}`, () => {
    let scene: SceneDaemon;
    beforeAll(async () => {
      scene = await setScene(kind);
      await scene.add(1, ['works', 'goes on']);
      await scene.add(2, ['broken', 'works', 'goes on']);
      await scene.add(3, ['hangs in stream']);
      await scene.add(4, ['hangs in tool']);
      if (kind.hasTurnLimit) await scene.add(5, ['turn limit', 'works', 'goes on']);
      await scene.add(6, ['hangs in tool', 'works', 'goes on']);
      // Each of its calls leaves work behind: what a run did that was cut short is no evidence for the next.
      const before = 'echo more >> work.txt';
      await scene.add(11, ['works', 'hangs in tool', 'goes on', 'goes on'], { before });
      await scene.start();
    });
    afterAll(async () => {
      expect(await scene.close()).toEqual([]);
    });

    async function sessionOf(identifier: string): Promise<string> {
      const sessions = (await scene.runs(identifier)).map(({ session_id }) => session_id);
      expect(new Set(sessions).size, `sessions of ${identifier}: ${sessions.join(', ')}`).toBe(1);
      return sessions[0] ?? '';
    }

    it('works, goes on in the same session and is handed off', async () => {
      await scene.untilState(WORKS, 'In Review');
      const [run, ...rest] = await scene.runs(WORKS);
      expect(rest).toEqual([]);
      expect(run).toMatchObject({
        attempt: 0,
        status: 'succeeded',
        error: null,
        turns_completed: 2,
        tokens: tokensOf(CALLS),
        evidence: expect.stringMatching(/changed|file/) as string,
      });
      const [first, second] = await kind.beginnings(scene.cast.of(WORKS));
      expect(first).toBe('new');
      expect([`resumes ${await sessionOf(WORKS)}`, 'same process']).toContain(second);
    });

    it('gets a place and an environment of its own', async () => {
      const [call] = await scene.cast.of(WORKS).calls();
      expect(call?.cwd).toBe(scene.folder.file(`workspaces/${WORKS}`));
      expect(call?.env).toMatchObject({ PWD: call?.cwd, SORTIE_ISSUE_IDENTIFIER: WORKS });
      const temporary = call?.env['TMPDIR'] ?? '';
      expect(temporary).not.toBe(scene.folder.file('tmp'));
      expect(temporary.startsWith(call?.cwd ?? '-')).toBe(false);
      expect(existsSync(temporary)).toBe(false);
      expect(JSON.stringify(call?.env)).not.toContain(TRACKER_KEY);
      expect((call?.args ?? []).join(' ')).not.toContain('Work on');
      expect((await kind.prompts(scene.cast.of(WORKS)))[0]).toMatch(/^Work on E2E-1\./);
    });

    it('leaves a transcript in which secrets are blotted out', async () => {
      const [run] = await scene.runs(WORKS);
      const rows = await scene.transcript(run?.run_id ?? '');
      const text = rows.map(({ line }) => line).join('\n');
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, at) => at + 1));
      expect(new Set(rows.filter(({ turn }) => turn > 0).map(({ turn }) => turn))).toEqual(new Set([1, 2]));
      expect([text.includes('[redacted]'), text.includes(SAID)]).toEqual([true, false]);
      expect(rows.some(({ stream, line }) => stream === 'input' && line.includes('Work on E2E-1'))).toBe(
        true,
      );
    });

    it('is tried again, in its session, after its model service failed', async () => {
      await scene.untilState(BROKEN, 'In Review');
      expect(await scene.runs(BROKEN)).toMatchObject([
        { attempt: 0, status: 'failed', tokens: tokensOf(0) },
        { attempt: 1, status: 'succeeded', tokens: tokensOf(CALLS) },
      ]);
      const [first, second] = await kind.beginnings(scene.cast.of(BROKEN));
      expect([first, second]).toEqual(['new', `resumes ${await sessionOf(BROKEN)}`]);
    });

    const limited = async (): Promise<void> => {
      await scene.untilState(TURN_LIMIT, 'In Review');
      expect(await scene.runs(TURN_LIMIT)).toMatchObject([
        {
          attempt: 0,
          status: 'failed',
          tokens: tokensOf(3),
          error: expect.stringContaining('turn') as string,
        },
        { attempt: 1, status: 'succeeded', tokens: tokensOf(CALLS) },
      ]);
      expect((await kind.beginnings(scene.cast.of(TURN_LIMIT)))[1]).toBe(
        `resumes ${await sessionOf(TURN_LIMIT)}`,
      );
    };
    if (kind.hasTurnLimit) it('is tried again, in its session, after its own limit of turns', limited);

    it.each([
      ["in the model's answer", IN_STREAM, 'agent'],
      ['in a tool', IN_TOOL, 'tool'],
    ])('is stopped when its issue is closed %s, and nothing is left', async (_where, identifier, last) => {
      const fake = scene.cast.of(identifier);
      await fake.until(([call]) => call?.hanging);
      expect((await fake.alive()).map(({ what }) => what)).toContain(last);
      await scene.edit(identifier, { state: 'Done' });
      const workspace = scene.folder.file(`workspaces/${identifier}`);
      await until('the workspace to go', () => !existsSync(workspace));
      expect(await fake.alive()).toEqual([]);
      expect(await scene.runs(identifier)).toMatchObject([{ attempt: 0, status: 'cancelled' }]);
      expect((await scene.folder.issues()).find((one) => one.identifier === identifier)?.state).toBe('Done');
    });

    it('goes on in its session after the daemon was killed in the middle of a tool', async () => {
      const fake = scene.cast.of(KILLED);
      await fake.until(([call]) => call?.hanging);
      const [tool] = (await fake.alive()).filter(({ what }) => what === 'tool');
      expect(tool).toBeDefined();
      const later = scene.cast.of(KILLED_LATER);
      await until('a tool in its second turn', async () =>
        (await later.alive()).some(({ what }) => what === 'tool'),
      );
      const used = { [KILLED]: kind.callsBeforeTool, [KILLED_LATER]: 2 + kind.callsBeforeTool };
      await until('what was used to be counted', async () => {
        const { running } = await scene.state();
        return Object.entries(used).every(([identifier, calls]) =>
          running.some(
            ({ issue_identifier, tokens }) =>
              issue_identifier === identifier && tokens.input_tokens === 100 * calls,
          ),
        );
      });
      // Figures are saved at each tick.
      await scene.daemon().ticks(2);
      const { program } = scene.daemon();
      program.child.kill('SIGKILL');
      await program.exit;
      expect(await fake.alive()).toContainEqual(tool);

      await scene.start();
      await scene.untilState(KILLED, 'In Review');
      expect((await fake.alive()).filter(({ pid }) => pid === tool?.pid)).toEqual([]);
      const [first] = await fake.calls();
      expect(existsSync(first?.env['TMPDIR'] ?? '')).toBe(false);
      expect(await scene.runs(KILLED)).toMatchObject([
        { attempt: 0, status: 'interrupted', tokens: tokensOf(kind.callsBeforeTool) },
        { attempt: 1, status: 'succeeded', tokens: tokensOf(CALLS + kind.callsReportedLater) },
      ]);
      expect((await kind.beginnings(fake))[1]).toBe(`resumes ${await sessionOf(KILLED)}`);
      // Whoever follows a run that was cut short is told that it is over.
      const cutShort = (await scene.runs(KILLED))[0]?.run_id ?? '';
      const told = await (await fetch(`${scene.daemon().url}/api/v1/runs/${cutShort}/transcript`)).text();
      expect(told).toContain('Work on E2E-6');
      expect(told).toMatch(/^event: end$/m);

      await scene.untilState(KILLED_LATER, 'In Review');
      expect(await later.alive()).toEqual([]);
      expect(await scene.runs(KILLED_LATER)).toMatchObject([
        { attempt: 0, status: 'interrupted', tokens: tokensOf(used[KILLED_LATER] ?? 0) },
        { attempt: 1, status: 'succeeded', tokens: tokensOf(2 + kind.callsReportedLater) },
      ]);
      expect((await kind.beginnings(later)).at(-2)).toBe(`resumes ${await sessionOf(KILLED_LATER)}`);
    });

    it('stops everybody of its kind when its credentials are refused, until a person has done something', async () => {
      await scene.add(7, ['unauthorized', 'works', 'goes on']);
      const park = await scene.untilParked(REFUSED, 'agent_error');
      expect(park.detail).toMatch(/401|auth/i);
      expect((await scene.state()).pauses).toMatchObject([
        { reason: 'agent_error', agent_kind: kind.kind, until: null },
      ]);
      await scene.add(8, ['works', 'goes on']);
      await until('a verdict', async () => (await scene.verdict(AFTER_REFUSED))?.verdict === 'paused');
      await scene.daemon().ticks(2);
      expect(await scene.cast.of(AFTER_REFUSED).calls()).toEqual([]);
      expect(await scene.runs(REFUSED)).toMatchObject([{ attempt: 0, status: 'failed' }]);

      await scene.edit(REFUSED, { title: 'Another title' });
      await scene.untilState(REFUSED, 'In Review');
      await scene.untilState(AFTER_REFUSED, 'In Review');
      expect((await scene.state()).pauses).toEqual([]);
    });

    it('waits, with all of its kind, when its usage limit is reached, and no attempt is lost', async () => {
      await scene.add(9, ['limited']);
      const park = await scene.untilParked(LIMITED, 'quota');
      const untilMs = Date.parse(park.until ?? '');
      expect(untilMs).toBeGreaterThan(Date.now() + 20_000);
      expect(untilMs).toBeLessThanOrEqual(Date.now() + (kind.saysReset ? 8 * 86_400_000 : 61_000));
      expect((await scene.state()).pauses).toMatchObject([
        { reason: 'quota', agent_kind: kind.kind, until: park.until },
      ]);
      if (kind.saysReset) {
        expect((await scene.state()).rate_limits).toMatchObject([
          {
            agent_kind: kind.kind,
            windows: expect.arrayContaining([{ used_percent: 100 }].map(partly)) as object,
          },
        ]);
      }
      await scene.add(10, ['works']);
      await until('a verdict', async () => (await scene.verdict(AFTER_LIMITED))?.verdict === 'paused');
      await scene.daemon().ticks(2);
      expect(await scene.cast.of(AFTER_LIMITED).calls()).toEqual([]);
      expect(await scene.runs(LIMITED)).toMatchObject([{ attempt: 0, status: 'interrupted' }]);
      const answer = (await (await fetch(`${scene.daemon().url}/api/v1/${LIMITED}`)).json()) as object;
      expect(answer).toMatchObject({ attempts: { sessions_used: 0 } });
    });

    it('has counted everything once', async () => {
      const runs = await scene.allRuns();
      expect(new Set(runs.map(({ run_id }) => run_id)).size).toBe(runs.length);
      const { agent_totals } = await scene.state();
      const sum = (name: keyof typeof agent_totals): number =>
        runs.reduce((total, { tokens }) => total + tokens[name], 0);
      expect(agent_totals).toMatchObject({
        input_tokens: sum('input_tokens'),
        output_tokens: sum('output_tokens'),
        total_tokens: sum('total_tokens'),
        cache_read_tokens: sum('cache_read_tokens'),
      });
      expect(runs.every(({ status }) => status !== null)).toBe(true);
      await scene.daemon().stop();
    });
  });
}
