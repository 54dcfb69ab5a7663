// Which proposals are not settled, and one job at a time for each: whoever changes one has read the newest, and nothing
// else changes it meanwhile. They may be large and many, so what they say is in the ledger alone.

import type { Approval } from '../../contract/approval.ts';
import type { LedgerChange, ToolLedger } from '../../contract/tool-ledger.ts';
import { Turns } from '../turns.ts';
import { samenessOf } from './sameness.ts';

/** Of a proposal that is not settled. */
export interface LiveApproval extends Pick<Approval, 'id' | 'issueId' | 'status' | 'expiresAtMs'> {
  /** Of a pending one: what the same write would have as well; null = not known. */
  readonly sameness: string | null;
}

export class ApprovalBook {
  readonly #ledger: ToolLedger;
  readonly #live = new Map<string, LiveApproval>();
  readonly #turns = new Turns();
  readonly #listeners = new Set<(approval: Approval) => void>();

  constructor(ledger: ToolLedger) {
    this.#ledger = ledger;
  }

  /** It is durable as it stands. */
  take(approval: Approval): void {
    const { id, issueId, status, expiresAtMs } = approval;
    if (isSettled(approval)) this.#live.delete(id);
    else {
      const sameness = status === 'pending' ? samenessOf(approval) : null;
      this.#live.set(id, { id, issueId, status, expiresAtMs, sameness });
    }
    for (const listener of this.#listeners) listener(approval);
  }

  live(): readonly LiveApproval[] {
    return [...this.#live.values()];
  }

  /** @param ofIssue absent = of all. */
  pending(ofIssue?: string): number {
    let count = 0;
    for (const { status, issueId } of this.#live.values())
      if (status === 'pending' && (ofIssue ?? issueId) === issueId) count += 1;
    return count;
  }

  /** Of one that waits and may still be decided; null = there is none. */
  findSame(sameness: string, nowMs: number): string | null {
    for (const one of this.#live.values())
      if (one.sameness === sameness && one.expiresAtMs > nowMs) return one.id;
    return null;
  }

  /** As it stands now; null = there is none. Rejects as the ledger does. */
  read(id: string): Promise<Approval | null> {
    return this.#ledger.approval(id);
  }

  /** After all who came before. */
  inTurn<T>(id: string, job: () => Promise<T>): Promise<T> {
    return this.#turns.take(id, job);
  }

  /** It is not what we held it for. Rejects as the ledger does. */
  async readAgain(id: string): Promise<Approval | null> {
    const stored = await this.#ledger.approval(id);
    if (stored === null) this.#live.delete(id);
    else this.take(stored);
    return stored;
  }

  /** In its turn only. `was` is what the caller has read; with it other changes go into the same transaction. */
  async put(was: Approval, next: Approval, others: readonly LedgerChange[]): Promise<void> {
    await this.#ledger.apply([{ kind: 'put_approval', approval: next, expect: was.status }, ...others]);
    this.take(next);
  }

  /** What is on its way to the ledger. */
  async settled(): Promise<void> {
    await this.#turns.settled();
  }

  onTaken(listener: (approval: Approval) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** Nothing follows any more. */
export function isSettled({ status, result }: Approval): boolean {
  if (status === 'pending') return false;
  return status !== 'approved' || (result !== null && result.status !== 'applying');
}
