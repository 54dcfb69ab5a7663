// "What would the policy say?": one operation, whose run asks, and a few fields. Writes nothing anywhere. An answer goes
// away as soon as the question or the rules change: it never stands beside another question.

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { actionLabel } from '../approvals/fields.ts';
import { request } from '../api.ts';
import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import type { PolicyAnswer } from '../wire-tools.ts';
import { operationGroups } from './operations.ts';
import { detailFields, exampleFor, readDetails } from './policy-details.ts';
import { decisionWords } from './rule-rows.ts';

/** @param rules what the answer is by: another value means others. */
export function AskPolicy({ rules }: { readonly rules: unknown }) {
  const operation = useSignal('transition_issue');
  const issue = useSignal('');
  const typed = useSignal('');
  const answer = useSignal<PolicyAnswer | null>(null);
  const fault = useSignal('');
  const error = useSignal('');
  const asking = useRef<AbortController | null>(null);
  const id = useId();
  const forget = (): void => {
    asking.current?.abort();
    asking.current = null;
    answer.value = null;
    fault.value = error.value = '';
  };
  useEffect(() => forget, [rules]);
  const ask = async (): Promise<void> => {
    forget();
    const read = readDetails(operation.value, typed.value);
    if (read.kind === 'fault') {
      fault.value = read.message;
      return;
    }
    const stop = (asking.current = new AbortController());
    const body = {
      operation: operation.value,
      details: read.details,
      ...(issue.value.trim() !== '' && { issue_identifier: issue.value.trim() }),
    };
    try {
      const said = await request<PolicyAnswer>('/api/v1/tools/policy', {
        method: 'POST',
        body,
        signal: stop.signal,
      });
      if (!stop.signal.aborted) answer.value = said;
    } catch (failure) {
      if (!stop.signal.aborted) error.value = failure instanceof Error ? failure.message : String(failure);
    }
  };
  const names = detailFields(operation.value).map(({ name }) => name);
  return (
    <Section title="What would the policy say?">
      <form
        class="ask-policy"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <label class="field">
          <span>Operation</span>
          <select
            class="input"
            value={operation.value}
            onChange={(event) => {
              forget();
              operation.value = event.currentTarget.value;
            }}
          >
            {operationGroups.map(({ label, operations }) => (
              <optgroup key={label} label={label}>
                {operations.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
        <label class="field">
          <span>
            Issue of the run <span class="soft">(none = any other)</span>
          </span>
          <input
            class="input"
            type="text"
            autoComplete="off"
            spellcheck={false}
            maxLength={200}
            value={issue.value}
            onInput={(event) => {
              forget();
              issue.value = event.currentTarget.value;
            }}
          />
        </label>
        {names.length === 0 ? null : (
          <div class="field ask-details">
            <label for={id}>
              Fields <span class="soft">(one field=value a line)</span>
            </label>
            <textarea
              id={id}
              class="input mono"
              rows={3}
              spellcheck={false}
              placeholder={exampleFor(operation.value)}
              aria-invalid={fault.value !== ''}
              aria-describedby={`${id}-names`}
              value={typed.value}
              onInput={(event) => {
                forget();
                typed.value = event.currentTarget.value;
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void ask();
              }}
            />
            <p id={`${id}-names`} class="soft">
              It has {names.join(', ')}.
            </p>
          </div>
        )}
        <button type="submit" class="button primary">
          Ask the policy
        </button>
      </form>
      <div role="status">
        {answer.value === null ? null : <Verdict {...answer.value} action={actionLabel(operation.value)} />}
      </div>
      {fault.value === '' && error.value === '' ? null : (
        <p class="problem" role="alert">
          <Text text={fault.value === '' ? error.value : fault.value} lines={0} />
        </p>
      )}
    </Section>
  );
}

function Verdict({
  decision,
  rule,
  group,
  limit_exceeded = null,
  action,
}: PolicyAnswer & { readonly action: string }) {
  const { label, tone } = decisionWords(decision);
  return (
    <div class="policy-verdict">
      <p>
        {action}:{' '}
        {limit_exceeded === null ? (
          <Badge tone={tone}>{label}</Badge>
        ) : (
          <Badge tone="bad">Refused for now</Badge>
        )}{' '}
        by <Text text={rule} lines={0} />
      </p>
      {limit_exceeded === null ? null : (
        <p>
          Its limit of {limit_exceeded} is used up; else: {label.toLowerCase()}.
        </p>
      )}
      {decision !== 'approve' ? null : group === '' ? (
        <p>Anybody who may use the API decides.</p>
      ) : (
        <p>
          People of the group <Text text={group} lines={0} class="rule-value" /> decide.
        </p>
      )}
      <p class="soft">
        By the words alone: nothing was looked up in the tracker. What is outside of the projects is refused
        before.
      </p>
    </div>
  );
}
