// Writes that agents ask for, as an outbox that outlives every daemon would send them: one after another for each
// issue, at once or when a person has allowed them hours later, announced before they are sent and told when they are
// known to have ended. Answers come late, are lost, or are told twice; a daemon that dies in between leaves the row,
// and the next one is told of it again before it reads anything, and looks it up.

import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { IssueBook } from './issue-book.ts';
import type { People } from './people.ts';
import { ALL_STATES } from './random-workflow.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What the outbox has of one life of the daemon. */
export interface WritingDoor {
  writing(write: { writeId: string; issueId: string }): void;
  written(write: { writeId: string; issueId: string; runId: string | null; state: string | null }): void;
  /** Of this life only. */
  readonly after: (delayMs: number, fire: () => void) => () => void;
  /** The store takes rows, and nothing is sent any more after the end. */
  readonly sends: () => boolean;
  readonly quiet: () => boolean;
}

interface Row {
  readonly id: string;
  readonly issueId: string;
  readonly runId: string;
  /** null = it moves nothing. */
  readonly toState: string | null;
  /** As the issue was when it was asked for; null = whatever it is. */
  readonly fromState: string | null;
  readonly dueMs: number;
  readonly answered: () => void;
  sent: boolean;
  /** Monotonic: when the tracker has it, or surely has it not. */
  landsMs: number;
  landed: boolean;
}

export interface AgentWriting {
  /** What an agent does in the middle of its turn; resolves when its tool has answered. */
  useTool(run: { runId: string; issueId: string }): Promise<void>;
  begin(door: WritingDoor): void;
  /** Nobody allows anything any more. */
  calmDown(): void;
  /** Rows that are not done. */
  open(): number;
}

const HOUR_MS = 3_600_000;
const MOST_OPEN = 60;

export function createAgentWriting(parts: {
  dice: Dice;
  time: VirtualTime;
  faults: Faults;
  book: IssueBook;
  people: Pick<People, 'edit'>;
}): AgentWriting {
  const { dice, time, faults, book, people } = parts;
  const rows: Row[] = [];
  const atWork = new Set<string>();
  let door: WritingDoor | null = null;
  let ids = 0;

  function ask(run: { runId: string; issueId: string }): Promise<void> {
    return new Promise((resolve) => {
      const issueId = dice.chance(0.75) ? run.issueId : dice.pick(book.ids());
      const toState = dice.chance(0.5) ? dice.pick([...ALL_STATES, 'Todo', 'In Progress']) : null;
      const waits = dice.chance(faults.approval);
      const allowedInMs = dice.int(0, dice.pick([30_000, 300_000, HOUR_MS, 4 * HOUR_MS]));
      ids += 1;
      rows.push({
        id: `write-${ids}`,
        issueId,
        runId: run.runId,
        toState,
        fromState: dice.chance(0.5) ? (book.read(issueId)?.state ?? null) : null,
        dueMs: time.nowMs() + (waits ? allowedInMs : dice.int(0, 100)),
        answered: resolve,
        ...{ sent: false, landsMs: 0, landed: false },
      });
      // It is told that nobody has allowed it yet.
      if (waits) resolve();
      pump();
    });
  }

  /** Starts every lane whose first write is due; the others when they are. */
  function pump(): void {
    const here = door;
    if (here === null) return;
    const lanes = new Set<string>();
    for (const row of [...rows].sort((a, b) => Number(b.sent) - Number(a.sent) || a.dueMs - b.dueMs)) {
      if (lanes.has(row.issueId)) continue;
      lanes.add(row.issueId);
      if (atWork.has(row.issueId)) continue;
      atWork.add(row.issueId);
      here.after(row.sent ? 0 : row.dueMs - time.nowMs(), () => {
        atWork.delete(row.issueId);
        if (rows.includes(row)) work(here, row);
      });
    }
  }

  function work(here: WritingDoor, row: Row): void {
    atWork.add(row.issueId);
    if (!row.sent && !here.sends()) return again(here, row, 1_000);
    if (!row.sent && !mayBeSent(row)) return end(here, row);
    if (!row.sent) {
      here.writing({ writeId: row.id, issueId: row.issueId });
      send(row);
      if (dice.chance(0.3)) time.after(dice.int(0, 60_000), () => void people.edit(row.issueId));
    }
    const lostMs = dice.chance(faults.lostAnswer) ? dice.int(1_000, 600_000) : 0;
    const lateMs = dice.chance(faults.slowCall) ? dice.int(0, 60_000) : dice.int(0, 400);
    here.after(Math.max(0, row.landsMs - time.nowMs()) + lateMs + lostMs, () => confirm(here, row));
  }

  function again(here: WritingDoor, row: Row, inMs: number): void {
    here.after(inMs, () => {
      atWork.delete(row.issueId);
      pump();
    });
  }

  /** A fresh look: what a person has moved meanwhile is left alone. */
  function mayBeSent({ issueId, fromState }: Row): boolean {
    const issue = book.read(issueId);
    return issue !== null && (fromState === null || issue.state === fromState);
  }

  /** Once on its way it arrives, whatever becomes of the daemon. */
  function send(row: Row): void {
    const lands = !dice.chance(faults.trackerError) || dice.chance(faults.lostAnswer);
    row.sent = true;
    row.landsMs = time.nowMs() + (dice.chance(faults.slowCall) ? dice.int(0, 60_000) : dice.int(0, 400));
    if (!lands) return;
    time.after(row.landsMs - time.nowMs(), () => {
      if (book.read(row.issueId) === null) return;
      row.landed = true;
      const mover = { writeId: row.id, runId: row.runId };
      if (row.toState !== null) book.change(row.issueId, 'us', { state: row.toState }, mover);
      else if (dice.chance(0.5)) book.comment(row.issueId, 'us', 'An agent says so.');
      else book.change(row.issueId, 'us', { assignee: `agent-${row.id}` });
    });
  }

  /** It is told only when that is durable; while the store takes nothing its row stands as it was. */
  function confirm(here: WritingDoor, row: Row): void {
    if (!here.quiet()) {
      here.after(100, () => confirm(here, row));
      return;
    }
    const { id: writeId, issueId, runId } = row;
    const told = { writeId, issueId, runId, state: row.landed ? row.toState : null };
    here.written(told);
    if (dice.chance(faults.duplicateReport)) here.after(dice.int(0, 60_000), () => here.written(told));
    end(here, row);
  }

  function end(here: WritingDoor, row: Row): void {
    rows.splice(rows.indexOf(row), 1);
    atWork.delete(row.issueId);
    row.answered();
    if (door === here) pump();
  }

  return {
    async useTool(run) {
      if (!dice.chance(faults.agentWrites) || rows.length >= MOST_OPEN || book.ids().length === 0) return;
      // Often several at once.
      for (let others = dice.int(0, 3); others > 0; others -= 1) void ask(run);
      const answer = ask(run);
      if (dice.chance(0.7)) await answer;
    },
    begin(next) {
      door = next;
      atWork.clear();
      for (const { sent, id: writeId, issueId } of rows) if (sent) next.writing({ writeId, issueId });
      pump();
    },
    calmDown() {
      for (const row of rows.filter(({ sent }) => !sent)) {
        rows.splice(rows.indexOf(row), 1);
        row.answered();
      }
    },
    open: () => rows.length,
  };
}
