// What the agent was told in each turn of a run, folded: the text as it was sent, and a button that copies it.

import { useAnswer } from '../answer.ts';
import { Empty, Section } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { visibleText } from '../visible-text.ts';
import type { Prompts as PromptsAnswer } from '../wire.ts';
import { CopyButton } from './copy-button.tsx';

export interface PromptsProps {
  readonly runId: string | null;
  /** Changes when a turn begins. */
  readonly turns: number;
}

export function Prompts({ runId, turns }: PromptsProps) {
  const url = runId === null ? null : `/api/v1/runs/${encodeURIComponent(runId)}/prompts`;
  const { data, error } = useAnswer<PromptsAnswer>(url, turns);
  const prompts = data?.prompts ?? [];
  return (
    <Section title="Prompts" count={data === null ? undefined : prompts.length}>
      {error !== '' && data === null ? <Empty>{visibleText(error)}</Empty> : null}
      {runId === null ? <Empty>The prompt of each turn appears here once there is a run.</Empty> : null}
      {data !== null && prompts.length === 0 ? <Empty>No prompt of this run was kept.</Empty> : null}
      <ol class="prompts">
        {prompts.map(({ turn, at, text, cut }) => (
          <li key={turn}>
            <details>
              <summary>
                Turn {turn}{' '}
                <span class="soft">
                  {text.length.toLocaleString('en-US')} characters{cut ? ', cut' : ''}, <Ago at={at} />
                </span>
              </summary>
              <div class="prompt-tools">
                <CopyButton text={text} what={`prompt of turn ${turn}`} />
                {cut ? <span class="soft">It was longer than is kept.</span> : null}
              </div>
              <pre class="prompt-text" tabIndex={0} aria-label={`Prompt of turn ${turn}`}>
                {visibleText(text)}
              </pre>
            </details>
          </li>
        ))}
      </ol>
    </Section>
  );
}
