// An operator's word: what is noted of it, and that whoever said it is answered exactly once. A word that was taken is
// in force at once and answered when it is durable; one whose write failed waits with that write. While a write waits,
// no other word is taken. `store_failed` means that nothing was changed, save at the end of a daemon: see `giveUp`.

import type {
  ControlAnswer,
  ControlName,
  ControlRefusal,
  IssueRef,
  OperatorWord,
} from '../contract/index.ts';
import { order, orderAfterSave, remember, tell, write, type Orders } from './orders.ts';
import type { OwedAnswer } from './state.ts';

/** Why a word is not taken: one line that says the state things are in and what would work. */
export interface Refusal {
  readonly code: ControlRefusal;
  readonly message: string;
}

/** Who says it, to whom it is answered. */
export interface Request {
  readonly controlId: string;
  readonly word: OperatorWord;
}

export function refuse(orders: Orders, controlId: string, { code, message }: Refusal): void {
  give(orders, controlId, { kind: 'refused', code, message });
}

/** The word is in force: noted with who and why in the same write as what it changes. */
export function accept(
  orders: Orders,
  { controlId, word }: Request,
  control: ControlName,
  facts: { issue: IssueRef | null; message: string },
): void {
  const { issue, message } = facts;
  const { by, reason } = word;
  write(orders, {
    kind: 'operator_action',
    action: {
      ...{ by, reason, control, atMs: orders.now.atMs },
      ...{ issueId: issue?.id ?? null, issueIdentifier: issue?.identifier ?? null },
    },
  });
  tell(orders, { kind: 'operator_acted', by, reason, control, issue });
  if (issue !== null) remember(orders, issue.id, 'operator_acted', `${control} ${describeWord(word)}`);
  orderAfterSave(
    orders,
    { kind: 'answer_control', controlId, answer: { kind: 'accepted', message } },
    { kind: 'control', controlId, message },
  );
}

/** A look at the tracker that operators asked for: noted and told, and nobody waits for more. */
export function noteRefresh(orders: Orders, words: readonly OperatorWord[]): void {
  for (const { by, reason } of words) {
    const said = { by, reason, control: 'refresh' } as const;
    const action = { ...said, atMs: orders.now.atMs, issueId: null, issueIdentifier: null };
    write(orders, { kind: 'operator_action', action });
    tell(orders, { kind: 'operator_acted', ...said, issue: null });
  }
}

/** `by alice: too expensive` */
export function describeWord({ by, reason }: OperatorWord): string {
  return reason === '' ? `by ${by}` : `by ${by}: ${reason}`;
}

/** The write that waited went through: what was owed is true now. */
export function giveOwedAnswers(orders: Orders): void {
  for (const { controlId, message } of takeOwed(orders)) {
    give(orders, controlId, { kind: 'accepted', message });
  }
}

/** The daemon ends with the write still waiting: nobody can say what the next one will find. */
export function giveUpOwedAnswers(orders: Orders): void {
  for (const { controlId } of takeOwed(orders)) giveUp(orders, controlId);
}

export function giveUp(orders: Orders, controlId: string): void {
  refuse(orders, controlId, {
    code: 'store_failed',
    message: 'it could not be written before the daemon ended: look again after the next start',
  });
}

function takeOwed({ state }: Orders): OwedAnswer[] {
  const owed = state.owedAnswers;
  state.owedAnswers = [];
  return owed;
}

function give(orders: Orders, controlId: string, answer: ControlAnswer): void {
  order(orders, { kind: 'answer_control', controlId, answer }, null);
}
