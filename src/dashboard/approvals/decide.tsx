// The decision: a note, and the buttons that lead to a last look at what will be sent. No key decides by accident: each
// button only asks, and the question begins at its way back.

import { signal, useSignal, type Signal } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import { ActionButton } from '../control/button.tsx';
import { ApiFailure, post } from '../api.ts';
import { acted } from '../control/acted.ts';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { toast } from '../ui/toast.tsx';
import type { Approval, Decision } from '../wire-tools.ts';
import { Confirm } from './confirm.tsx';
import { decisionOf } from './decision.ts';
import { keptPlaces, ticketsOf } from './draft.ts';
import type { Editing } from './editing.ts';

/** What the daemon keeps of a note. */
const NOTE_LIMIT = 2_000;
/** Refusals that stand with the details, not with the question. */
const OF_DETAILS = new Set(['invalid_details', 'policy_denied']);
/** Nobody can decide it any more. */
const OVER = new Set(['already_decided', 'approval_not_found']);

export interface DecideProps {
  readonly editing: Editing;
  readonly onDecided: (approval: Approval) => void;
  /** It was decided before; null = nobody knows, because no answer came. */
  readonly onLost: (message: string | null) => void;
}

export function Decide({ editing, onDecided, onLost }: DecideProps) {
  const { approval, draft, modified, faults, refused } = editing;
  const note = useSignal('');
  const asking = useMemo(() => signal<Decision['status'] | null>(null), []);
  const noteId = useId();
  const changes = Object.keys(modified.value).length;
  const tickets = ticketsOf(approval).length;
  const kept = keptPlaces(draft.value).length;
  const isNothing = tickets > 0 && kept === 0;
  const stop = isNothing
    ? 'No ticket is left: reject it instead.'
    : faults.value.size > 0
      ? 'What is marked in red cannot be sent as it is.'
      : '';
  const verb = changes === 0 ? 'Approve' : 'Approve with changes';
  return (
    <Section title="Your decision">
      <label class="field" for={noteId}>
        <span>
          Note <span class="soft">(optional, for the agent and the record)</span>
        </span>
        <textarea
          id={noteId}
          class="input"
          rows={2}
          dir="auto"
          maxLength={NOTE_LIMIT}
          value={note.value}
          onInput={(event) => (note.value = event.currentTarget.value)}
        />
      </label>
      {refused.value === null ? null : (
        <p class="field-error" role="alert">
          <Text text={refused.value.message} lines={0} />
        </p>
      )}
      {stop === '' ? null : (
        <p class="decide-stop" role="status">
          {stop}
        </p>
      )}
      <div class="decide-buttons">
        <ActionButton
          class="primary"
          onAct={() => (stop === '' ? (asking.value = 'approved') : toast(stop, 'bad'))}
        >
          {`${verb}…`}
        </ActionButton>
        <ActionButton onAct={() => (asking.value = 'rejected')}>Reject…</ActionButton>
      </div>
      <p class="soft decide-hint">
        {changes === 0
          ? 'Nothing was changed: it would be done as it was asked for.'
          : `${changes === 1 ? 'One field differs' : `${changes} fields differ`} from what was asked for.`}
      </p>
      {asking.value === null ? null : (
        <Confirm
          editing={editing}
          status={asking.value}
          note={note.value.trim()}
          onClose={() => (asking.value = null)}
          send={(error) => send(asking, error)}
        />
      )}
    </Section>
  );

  async function send(open: Signal<Decision['status'] | null>, error: Signal<string>): Promise<void> {
    const status = open.peek();
    if (status === null) return;
    editing.refuse(null);
    try {
      const decided = await post<Approval>(
        `/api/v1/approvals/${encodeURIComponent(approval.id)}`,
        decisionOf(status, modified.peek(), note.peek()),
      );
      open.value = null;
      acted.value += 1;
      toast(status === 'approved' ? 'Approved.' : 'Rejected.');
      onDecided(decided);
    } catch (failure) {
      const { code, message } =
        failure instanceof ApiFailure ? failure : { code: '', message: String(failure) };
      error.value = message;
      if (code === 'offline') onLost(null);
      if (OVER.has(code)) onLost(message);
      if (OF_DETAILS.has(code)) editing.refuse({ code, message });
      if (OVER.has(code) || OF_DETAILS.has(code)) open.value = null;
    }
  }
}
