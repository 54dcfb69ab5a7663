// The past as it goes over the wire: timelines, prompts, figures, samples, operators' words, lines of transcripts.

import type { OperatorAction } from '../contract/controls.ts';
import type { Sample, StatsRow, TimelineEntry, TimelinePage } from '../contract/observation.ts';
import type { KeptPrompt, TranscriptLine } from '../contract/transcript.ts';
import type {
  OperatorActionsAnswer,
  PromptsAnswer,
  SamplesAnswer,
  StatsAnswer,
  StatsRowAnswer,
  TimelineAnswer,
  TranscriptLineAnswer,
} from './past-schemas.ts';
import type { Span } from './span.ts';
import { toAmount, toCount, toIso, toSeconds, toTokens } from './wire-values.ts';

export function toTranscriptLine({ seq, atMs, turn, stream, line }: TranscriptLine): TranscriptLineAnswer {
  return { seq, at: toIso(atMs), turn, stream, line };
}

export function toTimeline({ entries, beforeSeq }: TimelinePage): TimelineAnswer {
  return { entries: entries.map(toTimelineEntry), before: beforeSeq };
}

function toTimelineEntry(entry: TimelineEntry & { readonly seq: number }): TimelineAnswer['entries'][number] {
  return {
    seq: entry.seq,
    at: toIso(entry.atMs),
    run_id: entry.runId,
    attempt: entry.attempt,
    kind: entry.kind,
    name: entry.name,
    detail: entry.detail,
    duration_seconds: entry.durationMs === null ? null : toSeconds(entry.durationMs),
    ok: entry.ok,
  };
}

export function toPrompts(prompts: readonly KeptPrompt[]): PromptsAnswer {
  return { prompts: prompts.map(({ turn, atMs, text, cut }) => ({ turn, at: toIso(atMs), text, cut })) };
}

export function toStats(span: Span, bucketMs: number | null, rows: readonly StatsRow[]): StatsAnswer {
  return {
    since: toIso(span.sinceMs),
    until: toIso(span.untilMs),
    bucket_seconds: bucketMs === null ? null : bucketMs / 1_000,
    rows: rows.map(toStatsRow),
  };
}

function toStatsRow(row: StatsRow): StatsRowAnswer {
  return {
    start: toIso(row.startMs),
    group: row.group,
    runs: row.runs,
    by_status: { ...row.byStatus },
    tokens: toTokens(row.tokens),
    cost_usd: toAmount(row.costUsd),
    cost_estimated: row.costEstimated,
    unpriced_runs: toCount(row.unpricedRuns),
    seconds_total: toAmount(row.secondsTotal),
    seconds_p50: toAmount(row.secondsP50),
    seconds_p95: toAmount(row.secondsP95),
  };
}

export function toSamples(bucketMs: number, samples: readonly Sample[]): SamplesAnswer {
  return {
    bucket_seconds: bucketMs / 1_000,
    rows: samples.map((sample) => ({
      at: toIso(sample.atMs),
      running: toAmount(sample.running),
      retrying: toAmount(sample.retrying),
      parked: toAmount(sample.parked),
      waiting: toAmount(sample.waiting),
      tracker_requests: toCount(sample.trackerRequests),
      tracker_errors: toCount(sample.trackerErrors),
      polls: toCount(sample.polls),
      poll_seconds_mean: sample.polls > 0 ? toAmount(sample.pollSeconds / sample.polls) : null,
      poll_seconds_max: toAmount(sample.pollSecondsMax),
    })),
  };
}

export function toOperatorActions(actions: readonly OperatorAction[]): OperatorActionsAnswer {
  return {
    actions: actions.map(({ atMs, control, issueIdentifier, by, reason }) => ({
      at: toIso(atMs),
      control,
      issue_identifier: issueIdentifier,
      by,
      reason,
    })),
  };
}
