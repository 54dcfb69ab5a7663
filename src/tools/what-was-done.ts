// What became of writes that were asked for together, on one line for agents and people: what is done, what is not and
// why. Whoever reads that something failed must not believe that nothing was done.

import { hasEnded, type OutboxWrite } from '../contract/outbox.ts';
import type { WriteOperation } from '../contract/tool-operations.ts';
import type { TrackerWriteOperation } from '../contract/tracker-write.ts';

const WORDS: Readonly<
  Record<TrackerWriteOperation | WriteOperation, { readonly done: string; readonly not: string }>
> = {
  create_issue: { done: 'issue made', not: 'issue not made' },
  create_issues: { done: 'issues made', not: 'issues not made' },
  update_issue: { done: 'fields changed', not: 'fields not changed' },
  transition_issue: { done: 'moved', not: 'not moved' },
  add_comment: { done: 'comment written', not: 'comment not written' },
  add_worklog: { done: 'work logged', not: 'work not logged' },
  link_issues: { done: 'linked', not: 'not linked' },
  add_labels: { done: 'labels added', not: 'labels not added' },
  remove_labels: { done: 'labels taken off', not: 'labels not taken off' },
  assign_issue: { done: 'assigned', not: 'not assigned' },
  add_watcher: { done: 'watcher added', not: 'watcher not added' },
  living_comment: { done: 'comment written', not: 'comment not written' },
};

/** `fields changed`, or `not moved`. */
export function wordsFor(operation: TrackerWriteOperation | WriteOperation, isDone: boolean): string {
  const { done, not } = WORDS[operation];
  return isDone ? done : not;
}

/** Of rows in the order of their recording. */
export function whatWasDone(rows: readonly OutboxWrite[]): string {
  return rows.map(partOf).join('; ');
}

/** It belongs to a write of the same rows and came to nothing with it: its reason is that one's. */
export function fellWithAnother({ write, status }: OutboxWrite): boolean {
  return status === 'cancelled' && write.operation === 'add_comment' && write.after !== undefined;
}

/** Something of it belongs to something else of it: they are told as one. */
export function areTied(rows: readonly OutboxWrite[]): boolean {
  return rows.some(({ write }) => write.operation === 'add_comment' && write.after !== undefined);
}

function partOf(row: OutboxWrite): string {
  const { write, status, detail } = row;
  const words = wordsFor(write.operation, status === 'done');
  if (status === 'done' || fellWithAnother(row)) return words;
  const why = detail === '' ? (hasEnded(row) ? status : 'on its way') : detail;
  return `${words}${hasEnded(row) ? '' : ' yet'}: ${why}`;
}
