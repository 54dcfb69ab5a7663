// What stands in the way, each with what to do about it.

import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { daemonNow } from '../clock.ts';
import { ControlButton } from '../control/button.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Utc, Countdown } from '../ui/time.tsx';
import type { Pause, State } from '../wire.ts';
import { pauseWords } from './pause-words.ts';

export function Banners({ state }: { readonly state: State }) {
  const { pauses, preflight_problems, reload_error, tracker } = state;
  // An operator's word has a banner of its own, with who said it.
  const others = pauses.filter(({ reason }) => reason !== 'paused' && reason !== 'draining');
  return (
    <div class="banners">
      <Mode mode={state.mode} />
      <Dispatch state={state} />
      <Proposals count={state.approvals_pending} />
      {others.map((pause) => (
        <PauseBanner key={`${pause.reason} ${pause.agent_kind ?? ''} ${pause.until ?? ''}`} pause={pause} />
      ))}
      {preflight_problems.map((problem) => (
        <Banner key={problem} tone="bad" title="Nothing new is started">
          <Text text={problem} lines={0} /> It is checked again before each tick.
        </Banner>
      ))}
      {reload_error === null ? null : (
        <Banner tone="warn" title="WORKFLOW.md was not reloaded">
          <Text text={reload_error} lines={0} /> The last good settings stay in force; mend the file and save
          it.
        </Banner>
      )}
      {tracker.throttles.map(({ scope, until, reason }) => (
        <Banner key={scope} tone="warn" title="The tracker asked us to wait">
          <Text text={`${scope}: ${reason}`} lines={0} /> It is asked again at <Utc at={until} /> (
          <Countdown at={until} />
          ). Nothing to do.
        </Banner>
      ))}
      <TickBanner state={state} />
    </div>
  );
}

function Mode({ mode }: { readonly mode: State['mode'] }) {
  if (mode === 'running') return null;
  return mode === 'recovering' ? (
    <Banner tone="calm" title="Recovering">
      The daemon reads what was there before; the first tick follows.
    </Banner>
  ) : (
    <Banner tone="warn" title="Shutting down">
      Agents are being stopped. What was running is taken up at the next start.
    </Banner>
  );
}

function Proposals({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <Banner
      tone="warn"
      title={count === 1 ? 'A proposal waits for a decision' : `${count} proposals wait for a decision`}
      action={
        <a class="button primary small" href="/approvals?status=pending">
          Decide
        </a>
      }
    >
      Agents want to write to the tracker; nothing is written before somebody allows it.
    </Banner>
  );
}

function Dispatch({ state }: { readonly state: State }) {
  const { mode, by, reason, since, drained } = state.dispatch;
  if (mode === 'running') return null;
  const left = state.counts.running;
  const titles = { paused: 'Dispatch is paused', draining: drained ? 'Drained' : 'Draining' };
  const what = {
    paused: 'Nothing new is started; what runs goes on to its end.',
    draining: drained
      ? 'Nothing runs any more, and nothing is started. The daemon can be stopped.'
      : `${left} still ${left === 1 ? 'runs' : 'run'}, nothing new is started.`,
  };
  return (
    <Banner tone="warn" title={titles[mode]} action={<ControlButton control="resume" />}>
      {what[mode]} By <Text text={by} lines={0} />
      {since === null ? null : (
        <>
          {' '}
          since <Utc at={since} /> (<Ago at={since} />)
        </>
      )}
      {reason === '' ? '.' : ': '}
      {reason === '' ? null : <Text text={`“${reason}”`} lines={0} />}
    </Banner>
  );
}

function PauseBanner({ pause }: { readonly pause: Pause }) {
  const { tone, title, then, over } = pauseWords(pause);
  const { until } = pause;
  // Only drawn again when it changes, not with each second.
  const isOver = useComputed(() => until !== null && Date.parse(until) <= daemonNow.value).value;
  const isTrying = isOver && over !== undefined;
  return (
    <Banner tone={tone} title={title}>
      {pause.detail === '' ? null : <Text text={`(${pause.detail}) `} lines={0} />}
      {until === null || isTrying ? null : (
        <>
          Until <Utc at={until} />, <Countdown at={until} />.{' '}
        </>
      )}
      {isTrying ? over : then}
    </Banner>
  );
}

/** A failed look at the tracker; not when the reason is above already. */
function TickBanner({ state }: { readonly state: State }) {
  const { last_tick, tracker, preflight_problems } = state;
  if (last_tick === null || last_tick.result === 'success' || preflight_problems.length > 0) return null;
  const error = last_tick.error ?? tracker.error?.message ?? '';
  if (error === '') return null;
  return (
    <Banner tone="bad" title="The last tick failed">
      <Text text={error} lines={0} /> What runs goes on; the next tick tries again.
    </Banner>
  );
}

interface BannerProps {
  readonly tone: 'warn' | 'bad' | 'calm';
  readonly title: string;
  readonly action?: ComponentChildren;
  readonly children: ComponentChildren;
}

function Banner({ tone, title, action, children }: BannerProps) {
  return (
    <div class="banner" data-tone={tone}>
      <p>
        <strong>{title}.</strong> {children}
      </p>
      {action}
    </div>
  );
}
