// What the reader is making of one proposal: the draft, which fields are open for typing, what cannot be sent as it was
// typed, and what the daemon refused. One for each proposal that is shown.

import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Approval, WireJson, WireJsonMap } from '../wire-tools.ts';
import {
  edit,
  keptPlaces,
  modifiedOf,
  newDraft,
  putBack,
  ticketsOf,
  type Draft,
  type Place,
} from './draft.ts';
import { wordsByField, type Refusal } from './refusal.ts';

export interface Editing {
  readonly approval: Approval;
  readonly draft: Signal<Draft>;
  readonly modified: ReadonlySignal<WireJsonMap>;
  /** Fields by key that are open for typing. */
  readonly open: Signal<ReadonlySet<string>>;
  /** By key: why what was typed cannot be sent. */
  readonly faults: Signal<ReadonlyMap<string, string>>;
  /** By key: what the daemon said of a field. */
  readonly refusals: Signal<ReadonlyMap<string, string>>;
  readonly refused: Signal<Refusal | null>;
  /** A typed value; null takes the field out. */
  set(place: Place, name: string, value: WireJson): void;
  fault(place: Place, name: string, text: string): void;
  putBack(place: Place, name: string): void;
  toggle(place: Place, name: string, open: boolean): void;
  refuse(refusal: Refusal | null): void;
}

export function keyOf(place: Place, name: string): string {
  return place === null ? name : `issues.${place}.${name}`;
}

export function createEditing(approval: Approval): Editing {
  const draft = signal(newDraft(approval));
  const open = signal<ReadonlySet<string>>(new Set());
  const faults = signal<ReadonlyMap<string, string>>(new Map());
  const refusals = signal<ReadonlyMap<string, string>>(new Map());
  const refused = signal<Refusal | null>(null);

  function forget(key: string): void {
    if (faults.peek().has(key)) faults.value = new Map([...faults.peek()].filter(([one]) => one !== key));
  }

  function toggle(place: Place, name: string, isOpen: boolean): void {
    const next = new Set(open.peek());
    if (isOpen) next.add(keyOf(place, name));
    else next.delete(keyOf(place, name));
    open.value = next;
  }

  return {
    approval,
    draft,
    modified: computed(() => modifiedOf(draft.value, approval)),
    open,
    faults,
    refusals,
    refused,
    set(place, name, value) {
      forget(keyOf(place, name));
      draft.value = edit(draft.peek(), approval, { place, name, value });
    },
    fault(place, name, text) {
      faults.value = new Map([...faults.peek(), [keyOf(place, name), text]]);
    },
    putBack(place, name) {
      forget(keyOf(place, name));
      toggle(place, name, false);
      draft.value = putBack(draft.peek(), place, name);
    },
    toggle,
    refuse(refusal) {
      refused.value = refusal;
      refusals.value = asShown(wordsByField(refusal), draft.peek());
    },
  };

  /** The daemon counts the tickets that were sent, the page all that were asked for. */
  function asShown(words: ReadonlyMap<string, string>, sent: Draft): ReadonlyMap<string, string> {
    const places = keptPlaces(sent);
    return new Map(
      [...words].map(([key, text]) => {
        const found = /^issues\.(\d+)\.(.+)$/.exec(key);
        if (found === null || ticketsOf(approval).length === 0) return [key, text];
        return [keyOf(places[Number(found[1])] ?? null, found[2] ?? ''), text];
      }),
    );
  }
}
