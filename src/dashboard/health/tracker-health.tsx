// The line to the tracker: the last look, what it asked to wait for, and the last call that failed.

import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Countdown, Utc } from '../ui/time.tsx';
import type { State } from '../wire.ts';

export interface TrackerHealthProps {
  readonly tracker: State['tracker'] | null;
  readonly tick: State['last_tick'];
}

export function TrackerHealth({ tracker, tick }: TrackerHealthProps) {
  const well = tick?.result === 'success';
  return (
    <Section
      title="Tracker"
      aside={
        tick === null ? null : (
          <Badge tone={well ? 'good' : 'bad'}>{well ? 'Answers' : 'Last tick failed'}</Badge>
        )
      }
    >
      <p>
        {tick === null ? (
          'It was not looked at yet.'
        ) : (
          <>
            Last looked at <Ago at={tick.at} />.
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
        <div class={well ? 'soft' : 'problem'}>
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
