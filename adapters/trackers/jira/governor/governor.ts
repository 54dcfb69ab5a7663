// The one door to a Jira site. Lets out at most so many requests at once, writes before reads, the writes of one issue
// one after the other and in order, and nothing that Jira asked to hold back. It never sends twice: whether something
// may be repeated is the client's to know. A job that is aborted leaves the queue; none is forgotten.
import type { Throttle } from '../../../../src/contract/tracker-capabilities.ts';
import { systemClock, type Clock } from './clock.ts';
import { NotSent } from './not-sent.ts';
import { Throttling, type SlowDown, type Subject, type Warn } from './throttling.ts';

export interface GovernorOptions {
  readonly clock?: Clock;
  /** 0 ≤ x < 1. */
  readonly random?: () => number;
  readonly warn?: Warn;
  readonly readsAtOnce?: number;
  /** Reads and writes together; what it has above `readsAtOnce` is kept for writes. */
  readonly requestsAtOnce?: number;
  readonly queueLimit?: number;
  /** A request that would have to wait longer for a throttle is refused at once. */
  readonly patienceMs?: number;
}

/**
 * One request, before it is sent. `route`: method and path with its ids taken out. `issueId`: the issue that a write
 * changes.
 */
export interface Job extends Subject {
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly job: Job;
  readonly go: () => void;
  readonly refuse: (error: unknown) => void;
}

export class Governor {
  readonly #clock: Clock;
  readonly #throttling: Throttling;
  readonly #limits: Required<Omit<GovernorOptions, 'clock' | 'random' | 'warn'>>;
  readonly #queues: Readonly<Record<Job['access'], Set<Waiting>>> = { write: new Set(), read: new Set() };
  readonly #issuesInWriting = new Set<string>();
  #underWay = 0;
  #readsUnderWay = 0;
  #stopWake: (() => void) | null = null;

  constructor(options: GovernorOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#throttling = new Throttling(
      this.#clock,
      options.random ?? Math.random,
      options.warn ?? (() => undefined),
    );
    this.#limits = {
      readsAtOnce: options.readsAtOnce ?? 8,
      requestsAtOnce: options.requestsAtOnce ?? 10,
      queueLimit: options.queueLimit ?? 1_000,
      patienceMs: options.patienceMs ?? 5_000,
    };
  }

  /** Sends when it is this job's turn. Throws NotSent, the signal's reason, or what `send` throws. */
  async run<T>(job: Job, send: () => Promise<T>): Promise<T> {
    await this.#turn(job);
    try {
      return await send();
    } finally {
      this.#leave(job);
    }
  }

  /** Jira wants less. Returns for how long the scope now waits (floor, jitter and cap included). */
  slowDown(answer: SlowDown): number {
    const waitMs = this.#throttling.begin(answer);
    this.#pump();
    return waitMs;
  }

  throttles(): readonly Throttle[] {
    return this.#throttling.list();
  }

  /** After a reload the newest adapter's log is the one that is read. */
  speakThrough(warn: Warn): void {
    this.#throttling.speakThrough(warn);
  }

  #turn(job: Job): Promise<void> {
    const { signal } = job;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (this.#queues.read.size + this.#queues.write.size >= this.#limits.queueLimit) {
        throw new NotSent(`${this.#limits.queueLimit} requests to Jira are waiting already; try again later`);
      }
      const queue = this.#queues[job.access];
      const leave = (): void => {
        queue.delete(waiting);
        signal.removeEventListener('abort', onAbort);
      };
      const waiting: Waiting = {
        job,
        go: () => {
          leave();
          resolve();
        },
        refuse: (error) => {
          leave();
          // It may be what the caller's own signal was aborted with.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(error);
        },
      };
      const onAbort = (): void => {
        waiting.refuse(signal.reason);
        // A later write of the same issue may have waited behind it.
        this.#pump();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queue.add(waiting);
      this.#pump();
    });
  }

  #leave({ access, issueId }: Job): void {
    this.#underWay -= 1;
    if (access === 'read') this.#readsUnderWay -= 1;
    else if (issueId !== undefined) this.#issuesInWriting.delete(issueId);
    this.#pump();
  }

  /** Lets out whatever may go now, refuses what would wait too long, and sets the alarm for the rest. */
  #pump(): void {
    const behind = new Set(this.#issuesInWriting);
    let alarmMs = Infinity;
    for (const waiting of [...this.#queues.write, ...this.#queues.read]) {
      const { job } = waiting;
      const pause = this.#throttling.holding(job);
      if (pause && pause.waitMs > this.#limits.patienceMs) {
        const seconds = Math.ceil(pause.waitMs / 1000);
        const text = `Jira asked for a pause (${pause.scope}: ${pause.reason}), ${seconds} s are left`;
        waiting.refuse(new NotSent(text, pause.waitMs));
        continue;
      }
      const ordered = job.access === 'write' && job.issueId !== undefined ? job.issueId : null;
      const blocked = ordered !== null && behind.has(ordered);
      if (ordered !== null) behind.add(ordered);
      if (pause) alarmMs = Math.min(alarmMs, pause.waitMs);
      if (pause || blocked || !this.#hasRoom(job)) continue;
      this.#enter(job);
      waiting.go();
    }
    this.#stopWake?.();
    this.#stopWake = alarmMs === Infinity ? null : this.#clock.after(Math.ceil(alarmMs), () => this.#pump());
  }

  #hasRoom({ access }: Job): boolean {
    if (this.#underWay >= this.#limits.requestsAtOnce) return false;
    return access === 'write' || this.#readsUnderWay < this.#limits.readsAtOnce;
  }

  #enter({ access, issueId }: Job): void {
    this.#underWay += 1;
    if (access === 'read') this.#readsUnderWay += 1;
    else if (issueId !== undefined) this.#issuesInWriting.add(issueId);
  }
}
