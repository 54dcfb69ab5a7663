// How much of their own limits the agents have used, as they reported it.

import { words } from '../format.ts';
import { Meter } from '../ui/meter.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Countdown } from '../ui/time.tsx';
import type { State } from '../wire.ts';
import { visibleText } from '../visible-text.ts';

export function AgentLimits({ limits }: { readonly limits: State['rate_limits'] }) {
  const known = limits.filter(({ windows }) => windows.length > 0);
  if (known.length === 0) return null;
  return (
    <Section title="Agents’ own limits">
      <ul class="limits">
        {known.map(({ agent_kind, at, windows }) => (
          <li key={agent_kind}>
            <h3>
              <Text text={agent_kind} lines={0} />{' '}
              <span class="soft">
                as of <Ago at={at} />
              </span>
            </h3>
            {windows.map(({ name, used_percent, resets_at }) => (
              <div key={name} class="limit">
                <span>
                  <Text text={words(name)} lines={0} />
                  {used_percent === null ? '' : `: ${used_percent.toFixed(0)} % used`}
                  {resets_at === null ? null : (
                    <span class="soft">
                      {' '}
                      · resets <Countdown at={resets_at} />
                    </span>
                  )}
                </span>
                {used_percent === null ? null : (
                  <Meter
                    label={visibleText(`${agent_kind}, ${words(name)}`)}
                    value={used_percent}
                    max={100}
                    warnFrom={0.8}
                  />
                )}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}
