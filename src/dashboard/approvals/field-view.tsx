// A field as it would be written, beside what stands there: before and after in one line, a list with what comes and what
// goes, a text line by line. Only ever text.

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { FoldedText } from '../ui/folded-text.tsx';
import { Text } from '../ui/text.tsx';
import { visibleText } from '../visible-text.ts';
import type { Approval, WireJson } from '../wire-tools.ts';
import { beforeOf, customBefore, listParts, shortValue, type SeenValue } from './before-values.ts';
import type { Field } from './fields.ts';
import { isMap, isTextList } from './json-values.ts';
import { diffLines, type DiffLine } from './line-diff.ts';

export interface FieldViewProps {
  readonly field: Field;
  /** undefined = it is not there. */
  readonly value: WireJson | undefined;
  readonly approval: Pick<Approval, 'action' | 'before'>;
}

export function FieldView({ field, value, approval }: FieldViewProps) {
  const { name, kind, label } = field;
  const before = beforeOf(approval, name);
  if (value === undefined)
    return <span class="soft">{before === undefined ? 'not set' : 'stays as it is'}</span>;
  if (isTextList(value) && kind === 'list') {
    return <Parts parts={listParts(approval.action, before, value)} />;
  }
  if (kind === 'text' && typeof value === 'string') {
    return before === undefined ? (
      value === '' ? (
        <span class="soft">empty</span>
      ) : (
        <FoldedText text={value} what={label.toLowerCase()} />
      )
    ) : (
      <TextChange before={flat(before)} after={value} what={label.toLowerCase()} />
    );
  }
  if (name === 'customFields' && isMap(value)) return <CustomFields fields={value} approval={approval} />;
  return <LineChange before={before} after={value} />;
}

function LineChange({ before, after }: { readonly before: SeenValue | undefined; readonly after: WireJson }) {
  const shown =
    typeof after === 'string' || after === null || isTextList(after) ? null : JSON.stringify(after, null, 2);
  return (
    <span class="change-line">
      {before === undefined ? null : (
        <>
          <span class="unseen">from </span>
          <del>
            <Text text={before === null || before === '' ? 'nothing' : flat(before)} lines={0} />
          </del>{' '}
          <span class="arrow" aria-hidden="true">
            →
          </span>
          <span class="unseen"> to </span>{' '}
        </>
      )}
      {shown === null ? (
        <ins data-plain={before === undefined ? '' : undefined}>
          <Text text={shortValue(after)} lines={0} />
        </ins>
      ) : (
        <pre class="json-value">{visibleText(shown)}</pre>
      )}
    </span>
  );
}

/** A list with what comes and what goes. */
export function Parts({ parts }: { readonly parts: ReturnType<typeof listParts> }) {
  if (parts.length === 0) return <span class="soft">none</span>;
  return (
    <ul class="parts">
      {parts.map(({ text, fate }, index) => (
        <li key={index} class="part" data-fate={fate}>
          <span aria-hidden="true">{fate === 'comes' ? '+ ' : fate === 'goes' ? '− ' : ''}</span>
          <span class="unseen">{fate === 'comes' ? 'added: ' : fate === 'goes' ? 'removed: ' : ''}</span>
          <Text text={text} lines={0} />
        </li>
      ))}
    </ul>
  );
}

/** Unchanged lines beyond those around a change say nothing. */
const CONTEXT_LINES = 2;
const SHOWN_LINES = 40;

interface TextChangeProps {
  readonly before: string;
  readonly after: string;
  readonly what: string;
}

/** A text, line by line. */
export function TextChange({ before, after, what }: TextChangeProps) {
  const open = useSignal(false);
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  const near = useMemo(() => nearChanges(lines), [lines]);
  if (before === after) return <span class="soft">nothing changes</span>;
  const shown = open.value ? lines.map((line) => ({ line, skipped: 0 })) : near.slice(0, SHOWN_LINES);
  const hidden = lines.length - shown.filter(({ line }) => line !== null).length;
  return (
    <>
      <div class="diff" role="group" aria-label={`Changes of the ${what}`}>
        {shown.map(({ line, skipped }, index) =>
          line === null ? (
            <div key={index} class="diff-skip">
              {skipped} unchanged {skipped === 1 ? 'line' : 'lines'}
            </div>
          ) : (
            <div key={index} class="diff-line" data-kind={line.kind}>
              <span class="diff-mark" aria-hidden="true">
                {line.kind === 'in' ? '+' : line.kind === 'out' ? '−' : ''}
              </span>
              <span class="unseen">
                {line.kind === 'in' ? 'added: ' : line.kind === 'out' ? 'removed: ' : ''}
              </span>
              <bdi>{visibleText(line.text)}</bdi>
            </div>
          ),
        )}
      </div>
      {hidden > 0 || open.value ? (
        <button
          type="button"
          class="button small quiet"
          aria-expanded={open.value}
          onClick={() => (open.value = !open.value)}
        >
          {open.value ? 'Show the changes only' : `Show all ${lines.length} lines`}
          <span class="unseen"> of the {what}</span>
        </button>
      ) : null}
    </>
  );
}

interface ShownLine {
  /** null = a gap of `skipped` lines. */
  readonly line: DiffLine | null;
  readonly skipped: number;
}

function nearChanges(lines: readonly DiffLine[]): readonly ShownLine[] {
  const isNear = lines.map(() => false);
  lines.forEach(({ kind }, at) => {
    if (kind === 'same') return;
    for (let near = at - CONTEXT_LINES; near <= at + CONTEXT_LINES; near += 1) {
      if (near >= 0 && near < lines.length) isNear[near] = true;
    }
  });
  const shown: ShownLine[] = [];
  let skipped = 0;
  const flush = (): void => {
    if (skipped > 0) shown.push({ line: null, skipped });
    skipped = 0;
  };
  lines.forEach((line, at) => {
    if (isNear[at] !== true) {
      skipped += 1;
      return;
    }
    flush();
    shown.push({ line, skipped: 0 });
  });
  flush();
  return shown;
}

function CustomFields({
  fields,
  approval,
}: {
  readonly fields: Readonly<Record<string, WireJson>>;
  readonly approval: Pick<Approval, 'action' | 'before'>;
}) {
  return (
    <dl class="custom-fields">
      {Object.entries(fields).map(([name, value]) => (
        <div key={name}>
          <dt>
            <Text text={name} lines={0} />
          </dt>
          <dd>
            <LineChange before={customBefore(approval, name)} after={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function flat(value: SeenValue): string {
  return value === null ? '' : typeof value === 'string' ? value : value.join(', ');
}
