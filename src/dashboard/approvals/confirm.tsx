// The last look before a decision is sent: what will be done, what was changed of it, and the words of the API. Begins at
// its way back, so that a key that is held down, or pressed twice, decides nothing. A refusal stays here.

import { useSignal, type Signal } from '@preact/signals';
import { Dialog } from '../ui/dialog.tsx';
import { Text } from '../ui/text.tsx';
import { visibleText } from '../visible-text.ts';
import type { Decision } from '../wire-tools.ts';
import { shortValue } from './before-values.ts';
import { ChangeList } from './change-list.tsx';
import { decisionOf } from './decision.ts';
import { currentOf, keptPlaces, ticketsOf } from './draft.ts';
import type { Editing } from './editing.ts';

export interface ConfirmProps {
  readonly editing: Editing;
  readonly status: Decision['status'];
  readonly note: string;
  readonly onClose: () => void;
  /** Resolves when it was answered; what was wrong is put into `error`. */
  readonly send: (error: Signal<string>) => Promise<void>;
}

export function Confirm({ editing, status, note, onClose, send }: ConfirmProps) {
  const { approval, draft, modified } = editing;
  const sending = useSignal(false);
  const error = useSignal('');
  const changed = modified.value;
  const count = Object.keys(changed).length;
  const isApproval = status === 'approved';
  const kept = keptPlaces(draft.value);
  const verb = !isApproval ? 'Reject' : count === 0 ? 'Approve' : 'Approve with changes';
  const act = async (): Promise<void> => {
    if (sending.value) return;
    sending.value = true;
    error.value = '';
    await send(error);
    sending.value = false;
  };
  return (
    <Dialog title={`${verb}?`} onClose={onClose}>
      <p class="confirm-what">
        <Text text={approval.summary} lines={3} />
      </p>
      <p class="dialog-text">
        {isApproval
          ? 'It is written to the tracker now, under the run that asked for it.'
          : 'Nothing is written, and the agent is told so.'}
        {!isApproval && count > 0 ? ' Your changes are not sent.' : ''}
      </p>
      {isApproval && count > 0 ? <ChangeList asked={approval} changed={changed} /> : null}
      {isApproval && kept.length > 0 ? (
        <>
          <h3>
            {kept.length} of {ticketsOf(approval).length} tickets are made
          </h3>
          <ol class="confirm-tickets" tabIndex={0} aria-label="Tickets that are made">
            {kept.map((place) => (
              <li key={place}>
                <Text text={shortValue(currentOf(draft.value, approval, place, 'summary'))} />
              </li>
            ))}
          </ol>
        </>
      ) : null}
      {note === '' ? null : (
        <p>
          <span class="soft">Note: </span>
          <Text text={note} lines={3} />
        </p>
      )}
      <details class="confirm-body">
        <summary>What is sent</summary>
        <pre tabIndex={0} aria-label="What is sent">
          {visibleText(JSON.stringify(decisionOf(status, changed, note), null, 2))}
        </pre>
      </details>
      <p class="dialog-error" role="alert">
        {error.value === '' ? '' : <Text text={error.value} lines={0} />}
      </p>
      <div class="dialog-buttons">
        <button type="button" class="button" autoFocus onClick={onClose}>
          Not yet
        </button>
        <button
          type="button"
          class={`button ${isApproval ? 'primary' : 'danger'}`}
          aria-disabled={sending.value}
          onClick={() => void act()}
        >
          {sending.value ? 'Sending…' : verb}
        </button>
      </div>
    </Dialog>
  );
}
