// The page's types against what the server writes: the assignments stop compiling when they drift apart, and what is
// written is what its schema lets through, whole.
import { expect, it } from 'vitest';
import type { z } from 'zod';
import type { ExplainAnswer } from '../../src/contract/snapshot.ts';
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
