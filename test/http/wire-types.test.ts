// The page's types against what the server writes: the assignments stop compiling when they drift apart, and what is
// written is what its schema lets through, whole.
import { expect, it } from 'vitest';
import type { z } from 'zod';
import type { ExplainAnswer } from '../../src/contract/snapshot.ts';
import type * as toolPage from '../../src/dashboard/wire-tools.ts';
import type * as page from '../../src/dashboard/wire.ts';
import { toExplanation, toIssue } from '../../src/http/issue-wire.ts';
import * as past from '../../src/http/past-schemas.ts';
import {
  toOperatorActions,
  toPrompts,
  toSamples,
  toStats,
  toTimeline,
  toTranscriptLine,
} from '../../src/http/past-wire.ts';
import * as present from '../../src/http/schemas.ts';
import * as tool from '../../src/http/tool-schemas.ts';
import {
  toApprovals,
  toAudit,
  toAuditVerdict,
  toOutbox,
  toPolicyAnswer,
  toTools,
} from '../../src/http/tool-wire.ts';
import { toHistory, toReadiness, toState } from '../../src/http/wire.ts';
import { fakeDaemon, historyRun, NOW_MS, readiness, snapshot } from './fake-daemon.ts';

const daemon = fakeDaemon();
const span = { sinceMs: NOW_MS - 604_800_000, untilMs: NOW_MS };
const day = { ...span, bucketMs: 86_400_000 };

function passes(schema: z.ZodType, answer: object): void {
  expect(schema.parse(answer)).toEqual(answer);
  expect(Object.keys(answer)).not.toHaveLength(0);
}

it('the page reads the present as the server writes it', async () => {
  const state: page.State = toState(snapshot(), readiness());
  passes(present.stateSchema, state);
  const known = daemon.view.issue('SHOP-42');
  if (known === null) throw new Error('the fake daemon has lost its issue');
  const issue: page.IssueAnswer = toIssue(known, null);
  passes(present.issueSchema, issue);
  const told: ExplainAnswer = await daemon.view.explain('SHOP-64', new AbortController().signal);
  if (told.kind === 'failed') throw new Error(told.message);
  const explanation: page.Explanation = toExplanation(told.explanation);
  passes(present.explanationSchema, explanation);
  const ready: page.ReadinessAnswer = toReadiness(readiness({ reloadError: 'x' }));
  passes(present.readinessSchema, ready);
});

it('the page reads the past as the server writes it', async () => {
  const history: page.History = toHistory({ runs: [historyRun()], nextCursor: 'x' });
  passes(past.historySchema, history);
  const timeline: page.Timeline = toTimeline({ entries: daemon.timeline, beforeSeq: 101 });
  passes(past.timelineSchema, timeline);
  const prompts: page.Prompts = toPrompts(Object.values(daemon.prompts).flat());
  passes(past.promptsSchema, prompts);
  const [line] = Object.values(daemon.transcriptLines).flat();
  if (line === undefined) throw new Error('the fake daemon has lost its transcripts');
  const shown: page.TranscriptLine = toTranscriptLine(line);
  passes(past.transcriptLineSchema, shown);
  const stats: page.Stats = toStats(span, day.bucketMs, await daemon.store.stats({ ...day, group: 'label' }));
  passes(past.statsSchema, stats);
  const samples: page.Samples = toSamples(day.bucketMs, await daemon.store.samples(day));
  passes(past.samplesSchema, samples);
  const actions: page.OperatorActions = toOperatorActions(daemon.actions);
  passes(past.operatorActionsSchema, actions);
});

it('the page reads what agents may do as the server writes it', async () => {
  const { tools } = daemon;
  const asking = { person: { name: 'anna', groups: ['leads'] }, nowMs: NOW_MS };
  const approvals: toolPage.Approvals = toApprovals(await tools.approvals({ limit: 500 }), asking);
  passes(tool.approvalsSchema, approvals);
  const outbox: toolPage.Outbox = toOutbox(await tools.outbox({ status: 'all', limit: 500 }));
  passes(tool.outboxSchema, outbox);
  const audit: toolPage.Audit = toAudit(tools.entries, 2);
  passes(tool.auditSchema, audit);
  const head: toolPage.AuditHead = await tools.auditHead();
  passes(tool.auditHeadSchema, head);
  const verdict: toolPage.AuditVerdict = toAuditVerdict({ kind: 'broken', seq: 3, problem: 'x' });
  passes(tool.auditVerdictSchema, verdict);
  const listed: toolPage.Tools = toTools(tools.listing());
  passes(tool.toolsSchema, listed);
  const policy: toolPage.PolicyAnswer = toPolicyAnswer(
    await tools.explainPolicy({ operation: 'add_comment', details: {}, issueIdentifier: '' }),
  );
  passes(tool.policyAnswerSchema, policy);
  const body: z.input<typeof tool.decisionSchema> = {
    status: 'approved',
    modifiedDetails: { issueCount: 4 },
  } satisfies toolPage.Decision;
  passes(tool.decisionSchema, body);
  const me: toolPage.Me = tool.meSchema.parse({ name: 'operator', groups: null, signed_in: false });
  expect(me.groups).toBeNull();
});
