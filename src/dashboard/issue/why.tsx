// "Why?": the daemon's own verdict on the issue in a sentence, since when, what would change it, and where to click.
// It stands alone for an issue that was never seen.

import { ControlButton } from '../control/button.tsx';
import { controlWords, isControl } from '../control/wording.ts';
import { endings, verdictWords } from '../phrases.ts';
import { Badge } from '../ui/badge.tsx';
import { Failure, Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import type { Explanation, Running } from '../wire.ts';
import { visibleText } from '../visible-text.ts';
import { nextSteps, type NextStep } from './next-steps.ts';

export interface WhyProps {
  readonly identifier: string;
  /** null = not read yet. */
  readonly explanation: Explanation | null;
  readonly error: string;
  readonly retry: () => void;
  readonly controls: readonly string[];
  readonly trackerUrl: string;
  /** While it runs. */
  readonly running: Running | null;
}

export function Why({ identifier, explanation, error, retry, controls, trackerUrl, running }: WhyProps) {
  return (
    <Section title={explanation?.verdict === 'running' ? 'What is it doing?' : 'Why is it not running?'}>
      <Failure error={error} retry={retry} />
      {explanation === null ? (
        error === '' ? (
          <p class="soft">Asking…</p>
        ) : null
      ) : (
        <Answer
          explanation={explanation}
          steps={nextSteps(explanation.ends_on, controls, trackerUrl)}
          identifier={identifier}
        />
      )}
      {running === null ? null : <Doing running={running} />}
    </Section>
  );
}

/** Its last words, and the tools that it waits for. */
function Doing({ running: { last_message, last_event_at, tools } }: { readonly running: Running }) {
  if (last_message === '' && tools.length === 0) return null;
  return (
    <p class="why-doing">
      {last_message === '' ? null : <Text text={last_message} lines={3} />}
      <span class="soft">
        {tools.length === 0 ? '' : `Waits for ${visibleText(tools.join(', '))}. `}
        {last_event_at === null ? null : (
          <>
            Last heard of <Ago at={last_event_at} />.
          </>
        )}
      </span>
    </p>
  );
}

interface AnswerProps {
  readonly explanation: Explanation;
  readonly steps: readonly NextStep[];
  readonly identifier: string;
}

function Answer({ explanation, steps, identifier }: AnswerProps) {
  const { verdict, detail, since, as_of, ends_on, controls } = explanation;
  const { label, tone, sentence } = verdictWords(verdict);
  const verbs = controls.filter(isControl).map((control) => controlWords[control].verb);
  const changes = endings(ends_on, verbs);
  return (
    <>
      <p class="why-verdict">
        <Badge tone={tone}>{label}</Badge> <strong>{sentence}</strong>
      </p>
      {detail === '' ? null : (
        <p class="why-detail">
          <Text text={detail} lines={0} />
        </p>
      )}
      <dl class="why-facts">
        {since === null ? null : (
          <div>
            <dt>Since</dt>
            <dd>
              <Ago at={since} />
            </dd>
          </div>
        )}
        <div>
          <dt>As of</dt>
          <dd>
            <Ago at={as_of} />
          </dd>
        </div>
        <div>
          <dt>What would change it</dt>
          <dd>{changes === '' ? 'nothing that Sortie knows of' : `when ${changes}`}</dd>
        </div>
      </dl>
      {steps.length === 0 ? null : (
        <div class="why-steps" role="group" aria-label="Where to click">
          {steps.map((step) => (
            <Step
              key={step.kind === 'control' ? step.control : step.href}
              step={step}
              identifier={identifier}
            />
          ))}
        </div>
      )}
    </>
  );
}

function Step({ step, identifier }: { readonly step: NextStep; readonly identifier: string }) {
  if (step.kind === 'control') {
    return step.isOfIssue ? (
      <ControlButton control={step.control} identifier={identifier} />
    ) : (
      <ControlButton control={step.control} />
    );
  }
  const outside = step.kind === 'tracker' ? ({ target: '_blank', rel: 'noopener noreferrer' } as const) : {};
  return (
    <a class="button small" href={step.href} {...outside}>
      {step.text}
    </a>
  );
}
