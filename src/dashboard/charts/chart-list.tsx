// The eight charts of one span. Read when the span changes, when runs have ended, at most every ten seconds, and when a
// new step begins; never by a timer.

import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../answer.ts';
import { daemonNow } from '../clock.ts';
import { useAtMostEvery, useEndedSince } from '../ended-runs.ts';
import { daemonStarts } from '../live.ts';
import { Failure } from '../ui/section.tsx';
import type { Samples, Stats } from '../wire.ts';
import { Chart } from './chart.tsx';
import { spanOf, type ChartRange } from './chart-range.ts';
import { samplesUrl, statsUrl } from './figures-url.ts';
import { mergeSamples, pollDuration, queueLength, trackerRequests } from './samples-data.ts';
import {
  costByAgent,
  hasEstimates,
  runDuration,
  successRate,
  throughput,
  throughputByAgent,
  tokensByAgent,
  unpricedRuns,
} from './stats-data.ts';

/** A busy daemon ends runs all the time, and the figures are sums over all of the span. */
const READ_AGAIN_MS = 10_000;

export interface ChartListProps {
  readonly range: ChartRange;
  readonly byAgent: boolean;
}

/** Made anew for each range. */
export function ChartList({ range, byAgent }: ChartListProps) {
  // The span moves on when a step is over: `spanOf` rounds, and a signal of its end changes only then.
  const nextMs = useComputed(() => spanOf(range, daemonNow.value).untilMs).value;
  const span = useMemo(() => spanOf(range, nextMs - 1), [range, nextMs]);
  // What has ended since is in none of the figures yet.
  const ended = useAtMostEvery(READ_AGAIN_MS, useEndedSince(daemonStarts.value));
  const again = `${daemonStarts.value} ${ended}`;
  const all = useAnswer<Stats>(statsUrl(span, 'none'), again);
  const agents = useAnswer<Stats>(statsUrl(span, 'agent'), again);
  const load = useAnswer<Samples>(samplesUrl(span), daemonStarts.value);
  const { sampleStep } = span;
  const runs = byAgent ? agents.data : all.data;
  const shown = useMemo(() => runs && runCharts(runs, byAgent), [runs, byAgent]);
  const spent = useMemo(() => agents.data && spendingCharts(agents.data), [agents.data]);
  const busy = useMemo(
    () => load.data && loadCharts(mergeSamples(load.data, sampleStep.seconds)),
    [load.data, sampleStep],
  );
  const step = span.statsBucket;
  return (
    <>
      <Failure
        error={all.error || agents.error}
        retry={() => [all, agents].forEach(({ reload }) => reload())}
      />
      <Failure error={load.error} retry={load.reload} />
      <div class="charts">
        <Chart
          title="Throughput"
          note={`Runs that ended in each ${step}${byAgent ? ', by agent' : ', by how they ended'}.`}
          empty="No run ended in this time. Each run that ends appears here as a bar."
          data={shown && shown.throughput}
          kind="bars"
          unit="runs"
          span={span}
        />
        <Chart
          title="Success rate"
          note="Runs that succeeded or wait for review, of all that were not cancelled or interrupted."
          empty="No run ended in this time but those that were cancelled or interrupted. The share of those that succeed appears here."
          data={shown && shown.success}
          kind="lines"
          unit="percent"
          top={100}
          span={span}
        />
        <Chart
          title="Run duration"
          note={`Half of the ${step}’s runs were shorter than p50, and 95 % shorter than p95.`}
          empty="No run ended in this time. How long runs take appears here."
          data={shown && shown.duration}
          kind="lines"
          unit="minutes"
          span={span}
        />
        <Chart
          title="Queue length"
          note={`Issues that run, wait for a retry, are parked, or were read and wait: the mean of each ${sampleStep.words}.`}
          empty="Nothing was queued in this time. The daemon takes a sample each minute, and its course appears here."
          data={busy && busy.queue}
          kind="lines"
          unit="issues"
          span={span}
        />
        <Chart
          title="Tokens"
          note={`Input and output of each ${step}’s ended runs, by agent.`}
          empty="No tokens were used in this time. What each agent uses appears here."
          data={spent && spent.tokens}
          kind="bars"
          unit="tokens"
          span={span}
        />
        <Chart
          title="Cost"
          note={`Of each ${step}’s ended runs, by agent${spent?.isEstimated === true ? '; some of it is estimated from token_rates' : ''}.${unpricedWords(spent?.unpriced ?? 0)}`}
          empty="Nothing was paid in this time, or no price is known. What each agent costs appears here; token_rates gives prices to agents that report none."
          data={spent && spent.cost}
          kind="bars"
          unit="dollars"
          span={span}
        />
        <Chart
          title="Tracker requests"
          note={`Requests to the tracker in each ${sampleStep.words}, and how many of them failed.`}
          empty="The tracker was not asked in this time. Requests and failures appear here."
          data={busy && busy.requests}
          kind="lines"
          unit="requests"
          span={span}
        />
        <Chart
          title="Poll duration"
          note={`How long a poll took: the mean and the longest of each ${sampleStep.words}.`}
          empty="No poll ended in this time. How long polls take appears here."
          data={busy && busy.polls}
          kind="lines"
          unit="seconds"
          span={span}
        />
      </div>
    </>
  );
}

function runCharts(stats: Stats, byAgent: boolean) {
  return {
    throughput: byAgent ? throughputByAgent(stats) : throughput(stats),
    success: successRate(stats, byAgent),
    duration: runDuration(stats, byAgent),
  };
}

function spendingCharts(stats: Stats) {
  return {
    tokens: tokensByAgent(stats),
    cost: costByAgent(stats),
    isEstimated: hasEstimates(stats),
    unpriced: unpricedRuns(stats),
  };
}

function unpricedWords(runs: number): string {
  if (runs === 0) return '';
  return runs === 1
    ? ' One run without a price is not in it.'
    : ` ${runs.toLocaleString('en-US')} runs without a price are not in it.`;
}

function loadCharts(samples: Samples) {
  return { queue: queueLength(samples), requests: trackerRequests(samples), polls: pollDuration(samples) };
}
