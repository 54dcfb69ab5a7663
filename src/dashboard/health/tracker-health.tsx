// The line to the tracker: the last look, what it asked to wait for, and the last call that failed.

import { words } from '../format.ts';
import type { Tone } from '../tone.ts';
import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Countdown, Utc } from '../ui/time.tsx';
import type { State } from '../wire.ts';

export interface TrackerHealthProps {
  readonly tracker: State['tracker'] | null;
  readonly tick: State['last_tick'];
}

const marks: Readonly<Record<string, { readonly tone: Tone; readonly label: string }>> = {
  success: { tone: 'good', label: 'Answers' },
  error: { tone: 'bad', label: 'Last tick failed' },
  skipped: { tone: 'warn', label: 'Last tick skipped' },
};

export function TrackerHealth({ tracker, tick }: TrackerHealthProps) {
  // A tick that was skipped asked the tracker nothing: why is said beside the checks.
  const failed = tick?.result === 'error';
  return (
    <Section
      title="Tracker"
      aside={
        tick === null ? null : (
          <Badge tone={marks[tick.result]?.tone ?? 'calm'}>
            {marks[tick.result]?.label ?? words(tick.result)}
          </Badge>
        )
      }
    >
      <p>
        {tick === null ? (
          'It was not looked at yet.'
        ) : (
          <>
            {tick.result === 'skipped' ? 'Not asked, because the checks failed:' : 'Last looked at'}{' '}
            <Ago at={tick.at} />.
          </>
        )}
      </p>
      {tracker?.throttles.map(({ scope, until, reason }) => (
        <p key={scope} class="problem">
          Asked us to wait until <Utc at={until} /> (<Countdown at={until} />
          ): <Text text={`${scope}, ${reason}`} lines={0} />
        </p>
      ))}
      {tracker?.error == null ? (
        <p class="soft">No call has failed since the start.</p>
      ) : (
        <div class={failed ? 'problem' : 'soft'}>
          <p>
            Last failed call, <Ago at={tracker.error.at} />:
          </p>
          <p class="mono">
            <Text text={tracker.error.message} lines={0} />
          </p>
        </div>
      )}
    </Section>
  );
}
