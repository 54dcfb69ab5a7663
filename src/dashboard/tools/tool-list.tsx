// The tools as agents' models read them, each folded: the site's own names stand in their descriptions, so nothing here
// is ever more than text.

import { useMemo } from 'preact/hooks';
import { FoldedText } from '../ui/folded-text.tsx';
import { Empty, Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import type { Tools } from '../wire-tools.ts';
import { operationWords } from './operations.ts';
import { parametersOf } from './parameters.ts';

type Tool = Tools['tools'][number];

export function ToolList({ tools }: { readonly tools: readonly Tool[] }) {
  return (
    <Section title="What agents can call" count={tools.length} flush={tools.length > 0}>
      {tools.length === 0 ? (
        <Empty>There are no tools: agents get none while tools.enabled is false.</Empty>
      ) : (
        <ul class="tool-list">
          {tools.map((tool) => (
            <li key={tool.name}>
              <ToolEntry tool={tool} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function ToolEntry({ tool: { name, title, description, input, operations } }: { readonly tool: Tool }) {
  const parameters = useMemo(() => parametersOf(input), [input]);
  return (
    <details class="tool">
      <summary>
        <Text text={name} lines={0} class="mono tool-name" /> <Text text={title} lines={0} class="soft" />
      </summary>
      <div class="tool-body">
        <FoldedText text={description} what={`description of ${name}`} />
        <p class="soft">
          {operations.length === 0 ? (
            'No operation: it only tells a run about itself.'
          ) : (
            <>
              Operations:{' '}
              <Text
                text={operationWords(operations)
                  .map(({ text }) => text)
                  .join(', ')}
                lines={0}
              />
            </>
          )}
        </p>
        {parameters.length === 0 ? null : (
          <dl class="parameters">
            {parameters.map((parameter) => (
              <div key={parameter.name}>
                <dt>
                  <Text text={parameter.name} lines={0} class="mono" />
                  {parameter.required ? <span class="soft"> needed</span> : null}
                </dt>
                <dd>
                  {parameter.type === '' ? null : <Text text={parameter.type} lines={0} class="soft" />}
                  {parameter.type === '' || parameter.description === '' ? '' : ' · '}
                  <Text text={parameter.description} lines={0} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </details>
  );
}
