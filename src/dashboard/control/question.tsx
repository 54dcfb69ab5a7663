// The question before a control is used: what will happen, an optional reason, and one button that says the
// verb. Enter confirms, Escape does nothing. A refusal stays in the dialog, in the daemon's words.

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { post } from '../api.ts';
import type { ControlAccepted } from '../wire.ts';
import { Dialog } from '../ui/dialog.tsx';
import { visibleText } from '../visible-text.ts';
import { toast } from '../ui/toast.tsx';
import { asked, type Asked } from './button.tsx';
import { acted } from './acted.ts';
import { controlUrl, controlWords } from './wording.ts';

/** What the daemon keeps of a reason. */
const REASON_LIMIT = 500;

/** Drawn once, by the frame. */
export function Question() {
  const question = asked.value;
  return question === null ? null : (
    <Ask key={`${question.control} ${question.identifier ?? ''}`} {...question} />
  );
}

function Ask({ control, identifier }: Asked) {
  const { verb, question, consequence, dangerous = false } = controlWords[control];
  const reason = useSignal('');
  const sending = useSignal(false);
  const error = useSignal('');
  const reasonId = useId();
  const close = (): void => {
    asked.value = null;
  };
  const send = async (): Promise<void> => {
    if (sending.value) return;
    sending.value = true;
    error.value = '';
    try {
      const answer = await post<ControlAccepted>(controlUrl(control, identifier), {
        reason: reason.value.trim(),
      });
      close();
      toast(answer.message);
      acted.value += 1;
    } catch (failure) {
      error.value = failure instanceof Error ? failure.message : String(failure);
    } finally {
      sending.value = false;
    }
  };
  return (
    <Dialog title={visibleText(question(identifier ?? ''))} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p class="dialog-text">{consequence}</p>
        <label class="field" for={reasonId}>
          <span>
            Reason <span class="soft">(optional, kept in the operator log)</span>
          </span>
          <input
            id={reasonId}
            class="input"
            type="text"
            autoComplete="off"
            autoFocus
            maxLength={REASON_LIMIT}
            value={reason.value}
            onInput={(event) => (reason.value = event.currentTarget.value)}
          />
        </label>
        <p class="dialog-error" role="alert">
          {error.value}
        </p>
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={close}>
            {control === 'cancel' ? 'Let it run' : 'Not now'}
          </button>
          <button
            type="submit"
            class={`button ${dangerous ? 'danger' : 'primary'}`}
            aria-disabled={sending.value}
          >
            {sending.value ? 'Asking…' : `${verb}${identifier === null ? '' : ` ${visibleText(identifier)}`}`}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
