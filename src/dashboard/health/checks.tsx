// The readiness checks, the version and how long the daemon has been up.

import { useComputed } from '@preact/signals';
import { browserNow } from '../clock.ts';
import { duration, words } from '../format.ts';
import { readiness } from '../live.ts';
import type { Tone } from '../tone.ts';
import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import type { ReadinessAnswer } from '../wire.ts';

const tones: Readonly<Record<string, Tone>> = { pass: 'good', warn: 'warn', fail: 'bad' };
const verdicts: Readonly<Record<string, string>> = {
  pass: 'Ready',
  warn: 'Ready, with a warning',
  fail: 'Not ready',
};

const meanings: Readonly<Record<string, string>> = {
  database: 'Facts can be written',
  preflight: 'Runs can be started',
  workflow: 'WORKFLOW.md is in force',
};

export function Checks({ problems }: { readonly problems: readonly string[] }) {
  const answer = readiness.value;
  return (
    <Section title="Daemon" aside={answer === null ? null : <Mark status={answer.status} said={verdicts} />}>
      {answer === null ? (
        <p class="soft">Not read yet.</p>
      ) : (
        <>
          <dl class="facts">
            {Object.entries(answer.checks).map(([name, status]) => (
              <div key={name}>
                <dt>{meanings[name] ?? words(name)}</dt>
                <dd>
                  <Mark status={status} />
                </dd>
              </div>
            ))}
            <div>
              <dt>Version</dt>
              <dd class="mono">{answer.version}</dd>
            </div>
            <Uptime key={answer.uptime_seconds} answer={answer} />
          </dl>
          {problems.map((problem) => (
            <p key={problem} class="problem">
              <Text text={problem} lines={0} />
            </p>
          ))}
        </>
      )}
    </Section>
  );
}

function Mark({
  status,
  said = {},
}: {
  readonly status: string;
  readonly said?: Readonly<Record<string, string>>;
}) {
  return <Badge tone={tones[status] ?? 'calm'}>{said[status] ?? words(status)}</Badge>;
}

function Uptime({ answer }: { readonly answer: ReadinessAnswer }) {
  const readAtMs = browserNow.peek();
  const text = useComputed(() =>
    duration(answer.uptime_seconds * 1_000 + Math.max(0, browserNow.value - readAtMs)),
  );
  return (
    <div>
      <dt>Up for</dt>
      <dd class="time">{text}</dd>
    </div>
  );
}
