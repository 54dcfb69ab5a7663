// One piece of work on one write: check and send it, or look for it after a lost answer. What happened is folded into
// the row by next-step.ts and made durable before anybody is told. While the store does not take a row, its lane stands
// still: what was sent is never forgotten for want of a disk.

import { hasEnded, type OutboxWrite } from '../../contract/outbox.ts';
import { TrackerError } from '../../contract/tracker.ts';
import type { LedgerChange } from '../../contract/tool-ledger.ts';
import { LedgerConflict } from '../../contract/tool-ledger.ts';
import type { FreshCheck, ToAuditFacts, ToolsParts } from '../ports.ts';
import { whatComesFirst } from './belonging.ts';
import { lookFailure, messageOf, sendFailure, unsupported } from './failures.ts';
import { answer, tellCancelling, type Item } from './item.ts';
import { dueWork, nextStep, type Circumstances, type Due, type Happened } from './next-step.ts';
import { operationOf, type Looked, type Sending } from './operations/index.ts';
import type { OutboxPace } from './pace.ts';
import { moved } from './records.ts';
import { codeOf, fieldsOf, refusalOf, timelineOf } from './words.ts';

export interface CarrierParts extends ToolsParts {
  readonly freshCheck: FreshCheck;
  readonly pace: OutboxPace;
  readonly note: ToAuditFacts;
  readonly changed: (row: OutboxWrite) => void;
  /** Waits, unless the outbox closes first: then false. */
  readonly pause: (ms: number) => Promise<boolean>;
  readonly closing: () => boolean;
  /** Aborted when the outbox has waited long enough for what is on its way. */
  readonly stopping: AbortSignal;
}

export interface Carrier {
  due(item: Item): Due;
  /** When it is due. Resolves with the row moved on, or as it was when the outbox closes. */
  carryOut(item: Item): Promise<void>;
  /** Nothing was sent, and nobody wants it. */
  drop(item: Item, why: string): Promise<void>;
  /** The orchestrator's: it did not come to its turn, because an earlier one waits. */
  giveUp(item: Item, error: TrackerError): Promise<void>;
  /** Tells the witness of an agent's write that it is on its way, once until it is told what became of it. */
  announce(item: Item): void;
  /** What is stored is another row than the one that was believed in. */
  adopt(item: Item, stored: OutboxWrite): void;
}

export function createCarrier(parts: CarrierParts): Carrier {
  const { tracker, ledger, clock, log, counters, pace, witness } = parts;

  function circumstances(item: Item): Circumstances {
    const { surfacing } = operationOf(item.row.write);
    return { standing: item.standing, surfacing, nowMs: clock.nowMs(), pace };
  }

  /** Makes it durable; false = the outbox closes. */
  async function save(changes: readonly LedgerChange[]): Promise<boolean> {
    for (;;) {
      try {
        await ledger.apply(changes);
        return true;
      } catch (error) {
        if (error instanceof LedgerConflict) throw error;
        log.error('a write to the tracker cannot be recorded', { error: messageOf(error) });
        if (!(await parts.pause(pace.storeRetryMs))) return false;
      }
    }
  }

  async function note(item: Item, happened: Happened): Promise<void> {
    const before = item.row;
    const next = nextStep(before, happened, circumstances(item));
    const row = { ...next, detail: parts.redact(next.detail) };
    const move = { row, expect: before.status, atMs: clock.nowMs(), code: codeOf(happened, item) };
    if (!(await save(moved(move, parts.note)))) return;
    item.row = row;
    tellWitness(item);
    if (hasEnded(row)) sayEnd(row);
    else if (row.status === 'unsure' && before.status !== 'unsure') sayUnsure(row);
    if (hasEnded(row)) tellCancelling(item, row.status === 'cancelled');
    parts.changed(row);
    tellOrchestrator(item, happened);
  }

  function tellOrchestrator(item: Item, { kind }: Happened): void {
    const { row } = item;
    if (row.status === 'done') answer(item, null);
    // A look that told nothing, or not yet: the orchestrator goes on with what the tracker said first.
    else if (hasEnded(row) || kind === 'look_failed' || kind === 'absent') {
      answer(item, { error: item.error ?? refusalOf(row) });
    }
  }

  /** Of agents' writes to issues that exist: the core must know that they are ours. */
  function tellWitness(item: Item): void {
    const { row, witnessed } = item;
    if (!witnessed || row.status === 'sending' || row.status === 'unsure') return;
    item.witnessed = false;
    const { write, id: writeId, runId } = row;
    const state = write.operation === 'transition_issue' && row.status === 'done' ? write.toState : null;
    witness.written({ writeId, issueId: row.issue.id, runId, state });
  }

  function sayEnd(row: OutboxWrite): void {
    const { status } = row;
    if (status === 'done' || status === 'refused' || status === 'failed' || status === 'cancelled') {
      counters.countOutboxWrite(row.write.operation, status);
    }
    // The core says itself what became of the orchestrator's.
    if (row.origin === 'orchestrator') return log.debug('write ended', fieldsOf(row));
    log.info(status === 'done' ? 'wrote for an agent' : 'a write of an agent was not made', fieldsOf(row));
    for (const entry of timelineOf(row)) parts.record(entry);
  }

  function sayUnsure(row: OutboxWrite): void {
    log.warn('the answer to a write was lost; it is looked for', fieldsOf(row));
  }

  function sendingOf({ row }: Item, signal: AbortSignal): Sending {
    return { tracker, key: row.id, recordedAtMs: row.requestedAtMs, signal };
  }

  async function sendOff(item: Item): Promise<void> {
    const stopped = await beforeSending(item);
    if (stopped !== null) return note(item, stopped);
    if (parts.closing()) return;
    await begin(item);
    if (item.row.status !== 'sending') return;
    if (item.unwanted !== null) return note(item, { kind: 'unwanted', why: item.unwanted });
    tellCancelling(item, false);
    announce(item);
    await note(item, await send(item));
  }

  async function send(item: Item): Promise<Happened> {
    const { write } = item.row;
    try {
      return {
        kind: 'confirmed',
        result: await operationOf(write).send(write, sendingOf(item, item.stop.signal)),
      };
    } catch (error) {
      item.error ??= error;
      const failure = sendFailure(error);
      const isRefused = failure.applied === 'no' && !failure.retryable;
      // What stands in its way may be an earlier try of itself, which came through later than anybody looked.
      const looked = isRefused && item.row.tries > 1 ? await look(item) : null;
      return looked?.kind === 'found' ? looked : { kind: 'failed', failure };
    }
  }

  /** What speaks against sending it; null = nothing. */
  async function beforeSending(item: Item): Promise<Happened | null> {
    const { row } = item;
    const lacking = operationOf(item.row.write).lacks(tracker, row.write);
    if (lacking !== null) return { kind: 'failed', failure: unsupported(lacking) };
    if (row.origin === 'agent') {
      try {
        const earlier = await whatComesFirst(row.write, ledger);
        if (earlier !== null) return earlier;
        const why = await parts.freshCheck(row, parts.stopping);
        if (why !== null) return (await foundAfterAll(item)) ?? { kind: 'refused', why };
      } catch (error) {
        if (!parts.closing()) return { kind: 'failed', failure: lookFailure(error) };
      }
    }
    return item.unwanted === null ? null : { kind: 'unwanted', why: item.unwanted };
  }

  /** What makes it look wrong by now may be an earlier try of itself, which came through later than anybody looked. */
  async function foundAfterAll(item: Item): Promise<Happened | null> {
    if (item.row.tries === 0) return null;
    const { write } = item.row;
    const looked = await operationOf(write).look(write, sendingOf(item, parts.stopping)).catch(absentIfGone);
    if (looked.kind !== 'found') return null;
    announce(item);
    return looked;
  }

  /** While the store takes nothing, nothing is sent; the orchestrator is told at once and decides anew. */
  async function begin(item: Item): Promise<void> {
    const row = nextStep(item.row, { kind: 'begun' }, circumstances(item));
    const changes = moved({ row, expect: item.row.status, atMs: clock.nowMs(), code: '' }, parts.note);
    try {
      await ledger.apply(changes);
    } catch (error) {
      if (error instanceof LedgerConflict) throw error;
      log.error('a write to the tracker cannot be recorded, so it is not sent', { error: messageOf(error) });
      if (item.standing === 'live') item.unwanted ??= 'the store took no record of it';
      answer(item, { error });
      await parts.pause(pace.storeRetryMs);
      return;
    }
    item.row = row;
    parts.changed(row);
  }

  async function lookFor(item: Item): Promise<void> {
    announce(item);
    const looked = await look(item);
    // Told to stop in the middle of it: it has learned nothing.
    if (looked.kind === 'look_failed' && parts.closing()) return;
    await note(item, looked);
  }

  async function look(item: Item): Promise<Happened> {
    const { write } = item.row;
    try {
      return await operationOf(write).look(write, sendingOf(item, parts.stopping));
    } catch (error) {
      return { kind: 'look_failed', failure: lookFailure(error) };
    }
  }

  function announce(item: Item): void {
    const { row } = item;
    if (item.witnessed || row.origin !== 'agent' || row.write.operation === 'create_issue') return;
    item.witnessed = true;
    witness.writing({ writeId: row.id, issueId: row.issue.id });
  }

  return {
    announce,
    due: (item) => dueWork(item.row, circumstances(item)),
    async carryOut(item) {
      const work = dueWork(item.row, circumstances(item));
      if (work.kind === 'look') await lookFor(item);
      else if (work.kind === 'send') await sendOff(item);
      else if (work.kind === 'drop') await note(item, { kind: 'unwanted', why: work.why });
    },
    adopt(item, stored) {
      item.row = stored;
      tellWitness(item);
      parts.changed(stored);
      if (!hasEnded(stored)) return;
      tellCancelling(item, stored.status === 'cancelled');
      if (stored.status === 'done') answer(item, null);
      else answer(item, { error: item.error ?? refusalOf(stored) });
    },
    drop: (item, why) => note(item, { kind: 'unwanted', why }),
    giveUp(item, error) {
      item.error = error;
      return note(item, {
        kind: 'failed',
        failure: { ...sendFailure(error), applied: 'no', retryable: false },
      });
    },
  };
}

/** Where nothing is, it is not, either. */
function absentIfGone(error: unknown): Looked {
  if (error instanceof TrackerError && error.kind === 'tracker_not_found') return { kind: 'absent' };
  throw error;
}
