// A field of a filter: what is typed counts after a short pause, at once with Enter or when the field is left.

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';

/** What a person types in one go. */
const TYPING_MS = 300;

export interface TypedFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly type?: 'search' | 'text';
  readonly proposals?: readonly string[];
}

export function TypedField({ label, hint, type = 'text', value, proposals, onChange }: TypedFieldProps) {
  const typed = useSignal(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const listId = useId();
  useEffect(() => {
    // What it was set to by typing stays as it was typed: a blank at the end may be followed by a word.
    if (value !== typed.peek().trim()) typed.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const settle = (next: string): void => {
    clearTimeout(timer.current);
    if (next.trim() !== value) onChange(next.trim());
  };
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class="input"
        type={type}
        autoComplete="off"
        spellcheck={false}
        maxLength={200}
        placeholder={hint}
        list={proposals === undefined ? undefined : listId}
        value={typed.value}
        onInput={(event) => {
          const next = event.currentTarget.value;
          typed.value = next;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => settle(next), TYPING_MS);
        }}
        onBlur={(event) => settle(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle(event.currentTarget.value);
        }}
      />
      {proposals === undefined ? null : (
        <datalist id={listId}>
          {proposals.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </label>
  );
}
