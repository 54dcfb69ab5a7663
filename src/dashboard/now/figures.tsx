// The top line of figures: how full, how much, how far from a limit, and when the next look at the tracker is.

import type { ComponentChildren } from 'preact';
import { useComputed } from '@preact/signals';
import { daemonNow } from '../clock.ts';
import { compact, countdown, dollars } from '../format.ts';
import { ActionButton } from '../control/button.tsx';
import { Meter } from '../ui/meter.tsx';
import { Ago } from '../ui/time.tsx';
import type { State } from '../wire.ts';
import { askForTick } from './ask-for-tick.ts';
import { pollingIntervalMs } from './polling.ts';

/** From this share of a budget on, the bar warns. */
const WARN_FROM = 0.8;

export function Figures({ state }: { readonly state: State }) {
  const { slots, counts, waiting_total, handoff, today, budget } = state;
  const { max_tokens_per_day: maxTokens, max_usd_per_day: maxUsd } = budget;
  return (
    <dl class="figures card" aria-label="At a glance">
      <Figure name="Slots in use" value={String(slots.used)} of={String(slots.limit)}>
        <Meter label="Slots in use" value={slots.used} max={slots.limit} />
      </Figure>
      <Figure name="Retrying" value={String(counts.retrying)} />
      <Figure name="Parked" value={String(counts.parked)} tone={counts.parked > 0 ? 'warn' : undefined} />
      <Figure name="Waiting" value={String(waiting_total)} />
      {handoff === null ? null : (
        <Figure
          name="In review"
          value={String(handoff.count)}
          of={String(handoff.limit)}
          tone={handoff.count >= handoff.limit ? 'warn' : undefined}
        >
          <Meter label="Issues in review" value={handoff.count} max={handoff.limit} warnFrom={1} />
        </Figure>
      )}
      <Figure
        name="Tokens today"
        value={compact(today.tokens.total_tokens)}
        of={maxTokens === null ? undefined : compact(maxTokens)}
        detail={maxTokens === null ? `${compact(today.tokens.cache_read_tokens)} from cache` : undefined}
      >
        {maxTokens === null ? null : (
          <Meter
            label="Tokens today, of the budget"
            value={today.tokens.total_tokens}
            max={maxTokens}
            warnFrom={WARN_FROM}
          />
        )}
      </Figure>
      <Figure
        name="Cost today"
        value={dollars(today.cost_usd)}
        of={maxUsd === null ? undefined : wholeDollars(maxUsd)}
        detail={maxUsd === null ? runningCost(state) : undefined}
      >
        {maxUsd === null ? null : (
          <Meter label="Cost today, of the budget" value={today.cost_usd} max={maxUsd} warnFrom={WARN_FROM} />
        )}
      </Figure>
      <Tick tick={state.last_tick} />
    </dl>
  );
}

/** A limit is mostly a round sum. */
function wholeDollars(usd: number): string {
  return Number.isInteger(usd) ? `$${usd}` : dollars(usd);
}

function runningCost({ active_estimated_cost_usd: usd }: State): string {
  return usd === null ? '' : `≈ ${dollars(usd)} running now`;
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly of?: string | undefined;
  readonly detail?: string | undefined;
  readonly tone?: 'warn' | undefined;
  readonly children?: ComponentChildren;
}

function Figure({ name, value, of, detail, tone, children }: FigureProps) {
  return (
    <div class="figure" data-tone={tone}>
      <dt>{name}</dt>
      <dd>
        <span class="value">{value}</span>
        {of === undefined ? null : <span class="of"> of {of}</span>}
        {detail === undefined || detail === '' ? null : <span class="second">{detail}</span>}
        {children}
      </dd>
    </div>
  );
}

function Tick({ tick }: { readonly tick: State['last_tick'] }) {
  const next = useComputed(() => {
    if (tick === null || pollingIntervalMs.value === null) return '';
    const due = new Date(Date.parse(tick.at) + pollingIntervalMs.value).toISOString();
    return ` · next ${countdown(due, daemonNow.value)}`;
  });
  return (
    <div class="figure tick" key={tick?.at}>
      <dt>Last look at the tracker</dt>
      <dd>
        <span class="value">{tick === null ? 'not yet' : <Ago at={tick.at} />}</span>
        <span class="second">
          {tick === null ? '' : tick.result === 'success' ? 'all well' : tick.result}
          {next}
        </span>
        <ActionButton
          class="small"
          title="Look at the tracker now instead of at the next tick"
          onAct={() => void askForTick()}
        >
          Check now
        </ActionButton>
      </dd>
    </div>
  );
}
