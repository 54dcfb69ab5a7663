// A field open for typing: one line, a text, a list, or JSON for what has no shape of its own. What hides in the text is
// shown beneath, because an input cannot show it.

import { useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { unseenIn, visibleText, withoutUnseen } from '../visible-text.ts';
import type { WireJson } from '../wire-tools.ts';
import type { Field } from './fields.ts';
import { isMap, isTextList } from './json-values.ts';

const LINE_LIMIT = 255;
const TEXT_LIMIT = 32 * 1024;
const EMPTY = 'It cannot be empty.';
const SHOWN_MARKS = 8;

export interface FieldEditorProps {
  readonly field: Field;
  /** Whose: `ticket 3`; "" = of the proposal. */
  readonly whose: string;
  readonly value: WireJson | undefined;
  /** What it means that nothing is typed; null takes the field out. undefined = something must be. */
  readonly empty: WireJson | undefined;
  /** Of the words about what is wrong; "" = nothing is. */
  readonly errorId: string;
  readonly onChange: (value: WireJson) => void;
  readonly onFault: (text: string) => void;
}

export function FieldEditor(props: FieldEditorProps) {
  const { field, value } = props;
  const box = useRef<HTMLDivElement>(null);
  // The button that opened it goes: the focus goes on to what it opened.
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  return (
    <div ref={box} class="editor">
      {field.kind === 'list' ? (
        <ListEditor {...props} />
      ) : field.kind === 'json' ? (
        <JsonEditor {...props} />
      ) : (
        <TextEditor {...props} />
      )}
      {typeof value === 'string' ? <Hidden text={value} onClean={props.onChange} /> : null}
    </div>
  );
}

function nameOf({ field, whose }: FieldEditorProps): string {
  return whose === '' ? field.label : `${field.label} of ${whose}`;
}

function TextEditor(props: FieldEditorProps) {
  const { field, value, empty, errorId, onChange, onFault } = props;
  const text = typeof value === 'string' ? value : '';
  const shared = {
    class: 'input',
    'aria-label': nameOf(props),
    'aria-invalid': errorId !== '',
    'aria-describedby': errorId === '' ? undefined : errorId,
    dir: 'auto' as const,
    value: text,
    onInput: (event: { readonly currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      const typed = event.currentTarget.value;
      onChange(typed !== '' ? typed : empty === undefined ? '' : empty);
      if (empty === undefined && typed.trim() === '') onFault(EMPTY);
    },
  };
  return field.kind === 'text' ? (
    <textarea
      {...shared}
      rows={Math.min(24, Math.max(4, text.split('\n').length + 1))}
      maxLength={TEXT_LIMIT}
    />
  ) : (
    <input {...shared} type="text" autoComplete="off" maxLength={LINE_LIMIT} />
  );
}

/** Each on its own, to be taken out, and a line to add more. */
function ListEditor(props: FieldEditorProps) {
  const { empty, value, errorId, onChange, onFault } = props;
  const typed = useSignal('');
  const list = isTextList(value) ? value : [];
  const add = (): void => {
    const more = typed.value
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '' && !list.includes(text));
    typed.value = '';
    if (more.length > 0) onChange([...list, ...new Set(more)]);
  };
  const remove = (text: string): void => {
    const left = list.filter((one) => one !== text);
    onChange(left);
    if (empty === undefined && left.length === 0) onFault(EMPTY);
  };
  return (
    <div class="list-editor">
      <ul class="parts">
        {list.map((text) => (
          <li key={text} class="part">
            <bdi>{visibleText(text)}</bdi>
            <button
              type="button"
              class="part-out"
              aria-label={`Take out ${visibleText(text)}`}
              onClick={() => remove(text)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <input
        class="input"
        type="text"
        autoComplete="off"
        dir="auto"
        aria-label={`Add to ${nameOf(props)}`}
        aria-describedby={errorId === '' ? undefined : errorId}
        placeholder="Add…"
        maxLength={LINE_LIMIT}
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.isComposing) return;
          event.preventDefault();
          add();
        }}
        onBlur={add}
      />
    </div>
  );
}

/** The last resort: what was typed counts once it can be read. */
function JsonEditor(props: FieldEditorProps) {
  const { field, value, errorId, onChange, onFault } = props;
  const text = useSignal(value === undefined ? '{}' : JSON.stringify(value, null, 2));
  const hintId = useId();
  const read = (typed: string): void => {
    text.value = typed;
    try {
      const given = JSON.parse(typed) as WireJson;
      if (field.name === 'customFields' && !isMap(given)) {
        onFault('It must be an object: {"field": value}.');
      } else onChange(given);
    } catch (error) {
      onFault(`This is no JSON yet: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <>
      <textarea
        class="input mono"
        aria-label={`${nameOf(props)} as JSON`}
        aria-invalid={errorId !== ''}
        aria-describedby={errorId === '' ? hintId : errorId}
        spellcheck={false}
        rows={Math.min(20, text.value.split('\n').length + 1)}
        maxLength={TEXT_LIMIT}
        value={text.value}
        onInput={(event) => read(event.currentTarget.value)}
      />
      <p class="soft" id={hintId}>
        JSON, as the tracker takes it.
      </p>
      <Hidden text={text.value} onClean={read} />
    </>
  );
}

function Hidden({ text, onClean }: { readonly text: string; readonly onClean: (text: string) => void }) {
  const unseen = unseenIn(text);
  if (unseen.length === 0) return null;
  return (
    <p class="hidden-marks">
      It holds characters that cannot be seen: {unseen.slice(0, SHOWN_MARKS).join(' ')}{' '}
      <button type="button" class="button small" onClick={() => onClean(withoutUnseen(text))}>
        Take them out
      </button>
    </p>
  );
}
