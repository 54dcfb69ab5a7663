// A creation of many, ticket by ticket: which of them are made, what each says, and a quick way to keep the first few.

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Section } from '../ui/section.tsx';
import { FoldedText } from '../ui/folded-text.tsx';
import { Text } from '../ui/text.tsx';
import type { WireJsonMap } from '../wire-tools.ts';
import { shortValue } from './before-values.ts';
import { applied, editsOf, keep, keepFirst, keptPlaces, ticketsOf } from './draft.ts';
import { keyOf, type Editing } from './editing.ts';
import { FieldList } from './field-list.tsx';
import { ticketFields } from './fields.ts';
import { ownValue } from './json-values.ts';

export interface TicketsProps {
  readonly editing: Editing;
  readonly canEdit: boolean;
}

export function Tickets({ editing, canEdit }: TicketsProps) {
  const { approval, draft } = editing;
  const tickets = ticketsOf(approval);
  const kept = keptPlaces(draft.value).length;
  return (
    <Section
      title="Tickets"
      aside={canEdit ? <KeepFirst editing={editing} all={tickets.length} /> : undefined}
    >
      <p class="soft" role="status">
        {kept === tickets.length
          ? `All ${tickets.length}.`
          : `${kept} of ${tickets.length}; ${tickets.length - kept} left out.`}
      </p>
      <ol class="tickets">
        {tickets.map((ticket, place) => (
          <Ticket key={place} editing={editing} canEdit={canEdit} ticket={ticket} place={place} />
        ))}
      </ol>
    </Section>
  );
}

function KeepFirst({ editing, all }: { readonly editing: Editing; readonly all: number }) {
  const id = useId();
  const { draft } = editing;
  const typed = useSignal('');
  const kept = keptPlaces(draft.value);
  const areFirst = kept.every((place, at) => place === at);
  const take = (count: number): void => {
    draft.value = keepFirst(draft.peek(), Math.min(all, Math.max(0, count)));
  };
  return (
    <div class="keep-first">
      <label for={id}>Keep the first</label>
      <input
        id={id}
        class="input"
        type="number"
        min={1}
        max={all}
        value={typed.value !== '' ? typed.value : areFirst ? String(kept.length) : ''}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          const count = event.currentTarget.valueAsNumber;
          if (Number.isInteger(count) && count >= 1) take(count);
        }}
        onBlur={() => (typed.value = '')}
      />
      <button type="button" class="button small" onClick={() => take(all)}>
        All
      </button>
      <button type="button" class="button small" onClick={() => take(0)}>
        None
      </button>
    </div>
  );
}

interface TicketProps extends TicketsProps {
  readonly ticket: WireJsonMap;
  readonly place: number;
}

/** Said in the line of a ticket; its texts stand beneath. */
const FACTS = ['issueType', 'priority', 'assignee', 'labels', 'components', 'parentKey', 'customFields'];

function Ticket({ editing, canEdit, ticket, place }: TicketProps) {
  const { draft } = editing;
  const open = useSignal(false);
  const id = useId();
  const edits = editsOf(draft.value, place);
  const kept = draft.value.tickets[place]?.kept === true;
  const edited = Object.keys(edits).length;
  const now = applied(ticket, edits);
  const summary = ownValue(now, 'summary');
  const description = ownValue(now, 'description');
  const facts = FACTS.filter((name) => ownValue(now, name) !== undefined);
  const whose = `ticket ${place + 1}`;
  const isWrong = hasWords(editing, place);
  return (
    <li class="ticket" data-out={kept ? undefined : ''} data-edited={edited > 0 ? '' : undefined}>
      <div class="ticket-line">
        {canEdit ? (
          <input
            type="checkbox"
            aria-label={`Make ${whose}`}
            aria-describedby={id}
            checked={kept}
            onChange={(event) => (draft.value = keep(draft.peek(), place, event.currentTarget.checked))}
          />
        ) : null}
        <span class="ticket-number amount">{place + 1}</span>
        <span class="ticket-summary" id={id}>
          <Text text={typeof summary === 'string' ? summary : shortValue(summary)} lines={0} />
        </span>
        <span class="ticket-marks">
          {edited > 0 ? <span class="edited-mark">changed</span> : null}
          {kept ? null : <span class="left-out">left out</span>}
        </span>
        {canEdit ? (
          <button
            type="button"
            class="button small quiet"
            aria-label={`${open.value ? 'Close' : 'Edit'} ${whose}`}
            aria-expanded={open.value}
            onClick={() => (open.value = !open.value)}
          >
            {open.value ? 'Close' : 'Edit'}
          </button>
        ) : null}
      </div>
      {open.value || isWrong ? (
        <div class="ticket-fields">
          <FieldList
            editing={editing}
            place={place}
            fields={ticketFields(ticket)}
            whose={whose}
            canEdit={canEdit}
          />
        </div>
      ) : (
        <div class="ticket-rest">
          {facts.length === 0 ? null : (
            <p class="ticket-facts">
              {facts.map((name) => (
                <span key={name}>
                  <span class="soft">{labelOf(name)} </span>
                  <Text text={shortValue(ownValue(now, name))} />
                </span>
              ))}
            </p>
          )}
          {typeof description === 'string' && description !== '' ? (
            <FoldedText text={description} what={`description of ${whose}`} lines={3} />
          ) : null}
        </div>
      )}
    </li>
  );
}

/** The daemon, or the page, has something to say of one of its fields. */
function hasWords({ faults, refusals }: Editing, place: number): boolean {
  const beginning = keyOf(place, '');
  return [...faults.value.keys(), ...refusals.value.keys()].some((key) => key.startsWith(beginning));
}

function labelOf(name: string): string {
  return ticketFields({}).find((field) => field.name === name)?.label ?? name;
}
