// Whatever is done with proposals in whatever order (asked for, decided by several, run out, the daemon restarted): each
// is decided at most once, an approved one is written exactly once, and no other is written at all.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decision, openDesk, operator, until, type Desk } from './desk.ts';

type Step =
  | { readonly kind: 'propose' }
  | {
      readonly kind: 'decide';
      readonly which: number;
      readonly how: readonly ('approved' | 'rejected' | 'edited')[];
    }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'tracker'; readonly down: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'propose' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      which: fc.nat(5),
      how: fc.array(fc.constantFrom('approved' as const, 'rejected' as const, 'edited' as const), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 40_000, 100_000) }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'restart' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tracker' as const), down: fc.boolean() }) },
);

async function apply(desk: Desk, one: Step, ids: string[], accepted: Map<string, string[]>): Promise<void> {
  if (one.kind === 'tracker') desk.site.down = one.down;
  if (one.kind === 'pass') desk.clock.pass(one.ms);
  if (one.kind === 'restart') await desk.restart();
  if (one.kind === 'propose' && !desk.site.down) {
    const name = `p${ids.length}`;
    const run = await desk.run({ runId: `run-of-${name}` });
    const asked = run.write('add_comment', { issueKey: 'ENG-1', body: name });
    ids.push(
      await until(async () => {
        const { approvals } = await desk.tools().view.approvals({ runId: `run-of-${name}`, limit: 1 });
        return approvals[0]?.id ?? null;
      }),
    );
    await run.tools.close();
    await asked;
  }
  const id = one.kind === 'decide' ? ids[one.which] : undefined;
  if (one.kind !== 'decide' || id === undefined) return;
  const answers = await Promise.all(
    one.how.map((how) =>
      desk
        .tools()
        .view.decide(
          id,
          how === 'edited' ? decision('approved', { body: `${id} edited` }) : decision(how),
          operator,
        ),
    ),
  );
  for (const answer of answers)
    if (answer.kind === 'decided') accepted.set(id, [...(accepted.get(id) ?? []), answer.approval.status]);
}

it(
  'decides each proposal at most once and writes what was approved exactly once',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const desk = await openDesk({
          callsPerMinute: 1_000,
          approval: { timeoutMs: 90_000, onTimeout: 'expire', waitMs: 600_000 },
        });
        const ids: string[] = [];
        const accepted = new Map<string, string[]>();
        for (const one of steps) await apply(desk, one, ids, accepted);
        desk.site.down = false;
        await desk.restart();
        await until(async () => {
          desk.clock.pass(10_000);
          return desk.tools().view.openWrites() === 0;
        });
        const approvals = await Promise.all(ids.map((id) => desk.tools().view.approval(id)));
        const approved = approvals.filter((one) => one?.status === 'approved');
        for (const [id, statuses] of accepted) expect([id, statuses.length]).toEqual([id, 1]);
        const wanted = approved.map(
          (one) => `comment ENG-1 ${textOf(one?.modifiedDetails?.['body'] ?? one?.details['body'])}`,
        );
        expect([...desk.site.writes].sort()).toEqual([...wanted].sort());
        for (const one of approvals) {
          const decided = accepted.get(one?.id ?? '')?.[0];
          if (decided !== undefined) expect(one?.status).toBe(decided);
        }
        await until(async () => {
          const left = await desk.tools().view.approvals({ status: 'approved', limit: 50 });
          return left.approvals.every(({ result }) => result?.status === 'done');
        });
      }),
      { numRuns: 40 },
    );
  },
);

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
