// The buttons of the controls. Each opens the question; none acts by itself. While the daemon cannot be reached
// they stay where they are and say why they do nothing.

import { signal } from '@preact/signals';
import { connection } from '../live.ts';
import { toast } from '../ui/toast.tsx';
import { controlWords, type Control } from './wording.ts';

export interface Asked {
  readonly control: Control;
  /** null = the daemon as a whole. */
  readonly identifier: string | null;
}

/** The question that is open. */
export const asked = signal<Asked | null>(null);

const OFFLINE = 'Not possible now: the connection to the daemon is lost.';

export interface ControlButtonProps {
  readonly control: Control;
  readonly identifier?: string;
  readonly class?: string;
}

export function ControlButton({ control, identifier, class: extra = 'small' }: ControlButtonProps) {
  const { verb, dangerous = false } = controlWords[control];
  return (
    <ActionButton
      class={`${extra}${dangerous ? ' dangerous' : ''}`}
      {...(identifier !== undefined && { label: `${verb} ${identifier}` })}
      onAct={() => (asked.value = { control, identifier: identifier ?? null })}
    >
      {verb}
    </ActionButton>
  );
}

export interface ActionButtonProps {
  readonly class?: string;
  readonly label?: string;
  readonly title?: string;
  readonly onAct: () => void;
  readonly children: string;
}

/** A button that needs the daemon. */
export function ActionButton({ class: extra = '', label, title, onAct, children }: ActionButtonProps) {
  const offline = connection.value.kind === 'lost';
  return (
    <button
      type="button"
      class={`button ${extra}`}
      aria-label={label}
      aria-disabled={offline}
      title={offline ? OFFLINE : title}
      onClick={() => (offline ? toast(OFFLINE, 'bad') : onAct())}
    >
      {children}
    </button>
  );
}

/** All that may be done with an issue, in the order given. */
export function IssueControls({
  identifier,
  controls,
}: {
  readonly identifier: string;
  readonly controls: readonly Control[];
}) {
  return (
    <span class="controls">
      {controls.map((control) => (
        <ControlButton key={control} control={control} identifier={identifier} class="small quiet" />
      ))}
    </span>
  );
}
