// People at the tracker: they open, close, move, edit, label and delete issues, and comment on them, whenever they
// like and without regard for what the daemon is doing.

import type { Dice } from './dice.ts';
import type { IssueBook } from './issue-book.ts';
import { ALL_STATES, LABEL } from './random-workflow.ts';
import { sameText } from './contract-rules.ts';

export interface People {
  /** One thing done by somebody. */
  act(): void;
  /** A fresh piece of work. */
  open(): void;
  /** One thing done to this issue. */
  edit(id: string): void;
}

/** Enough to fill all slots several times over, few enough to meet one another. */
const OPEN_ISSUES = 14;
const ISSUES_KEPT = 40;

export function createPeople({ dice, book }: { dice: Dice; book: IssueBook }): People {
  function open(): void {
    const others = book.ids();
    const blockers = others.length > 0 && dice.chance(0.15) ? [dice.pick(others)] : [];
    book.create({
      priority: dice.chance(0.3) ? null : dice.int(1, 4),
      state: dice.pick(['Todo', 'Todo', 'In Progress', 'Rework']),
      labels: dice.chance(0.8) ? [LABEL] : [],
      blockedBy: blockers.map((id) => ({ id, identifier: book.read(id)?.identifier ?? id, state: '' })),
    });
  }

  function edit(id: string): void {
    const what = dice.int(0, 7);
    if (what <= 2) book.change(id, 'others', { state: dice.pick(ALL_STATES) });
    else if (what === 3) book.change(id, 'others', { title: `Issue, edited ${dice.int(0, 999)}` });
    else if (what === 4) book.change(id, 'others', { priority: dice.int(1, 5) });
    else if (what === 5) book.change(id, 'others', { labels: dice.chance(0.7) ? [LABEL] : ['other'] });
    else if (what === 6) book.comment(id, 'others', 'Please look at this again.');
    else book.change(id, 'others', { state: 'Todo' });
  }

  return {
    open,
    edit,
    act() {
      const ids = book.ids();
      const closed = (id: string): boolean => {
        const state = book.read(id)?.state ?? '';
        return ['done', 'cancelled', 'review', 'backlog'].some((one) => sameText(one, state));
      };
      const openNow = ids.filter((id) => !closed(id));
      if (openNow.length < OPEN_ISSUES && dice.chance(0.6)) open();
      else if (ids.length > ISSUES_KEPT || (ids.length > 0 && dice.chance(0.03))) book.remove(dice.pick(ids));
      else if (ids.length > 0) edit(dice.pick(ids));
    },
  };
}
