// What goes wrong on purpose: which requests, by endpoint, by number, by a test's own choice or at random by
// the server's seed, and how. Faults change answers and connections; the state is changed only by routes.
import type { Answer } from './answer.ts';
import type { Random } from './random.ts';
import type { RecordedRequest } from './recording.ts';

export type Fault =
  /** Answered in place of the route; with `applied` after it, so that the write happened. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      /** In place of a JSON body. */
      readonly text?: string;
      readonly applied?: boolean;
    }
  /** A page for people where JSON belongs. */
  | { readonly kind: 'html'; readonly status?: number; readonly applied?: boolean }
  | { readonly kind: 'truncated-json' }
  /** `padded` is a correct answer with so much white space in it; `noise` never ends a string. */
  | { readonly kind: 'huge-body'; readonly bytes?: number; readonly content?: 'padded' | 'noise' }
  /** Few bytes on the wire, many once unpacked. */
  | { readonly kind: 'gzip-bomb'; readonly bytes?: number }
  /** Says gzip, and is not. */
  | { readonly kind: 'bad-gzip' }
  | { readonly kind: 'drip'; readonly bytes?: number; readonly everyMs?: number }
  /** `headers`: never answers, the route did not run; `body`: half of the answer, then nothing. */
  | { readonly kind: 'hang'; readonly at: 'headers' | 'body' }
  | { readonly kind: 'reset'; readonly at: 'before' | 'after-applied' | 'middle' }
  /** To another origin; the path and the query are kept. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** Search: the token of the page that was asked for comes again. */
  | { readonly kind: 'repeat-page-token' }
  /** Search: nothing found, for no reason. */
  | { readonly kind: 'empty-result' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Any other lie. */
  | { readonly kind: 'change'; readonly answer: (answer: Answer) => Answer };

export interface FaultRule {
  /** e.g. `POST /issue/{issueIdOrKey}/comment`; absent: every endpoint. */
  readonly endpoint?: string;
  readonly matches?: (request: RecordedRequest) => boolean;
  /** Which of the matching requests, from 1; absent: all. */
  readonly requests?: number | readonly number[];
  /** Of the matching requests, this share (0–1). */
  readonly chance?: number;
  /** Of several, one at random each time. */
  readonly fault: Fault | readonly Fault[];
}

export interface PlacedFault {
  /** How many requests matched so far, and how many of them met it. */
  readonly seen: () => number;
  readonly hits: () => number;
  readonly remove: () => void;
}

interface Entry {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

export class Faults {
  readonly #random: Random;
  #entries: Entry[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  add(rule: FaultRule): PlacedFault {
    const entry: Entry = { rule, seen: 0, hits: 0 };
    this.#entries.push(entry);
    return {
      seen: () => entry.seen,
      hits: () => entry.hits,
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  /** The next request to the endpoint meets it, and only that one. */
  once(endpoint: string, fault: Fault): PlacedFault {
    return this.add({ endpoint, requests: 1, fault });
  }

  clear(): void {
    this.#entries = [];
  }

  /** The fault of this request: the first rule that fits; every matching rule counts it. */
  choose(request: RecordedRequest): Fault | null {
    let chosen: Fault | null = null;
    for (const entry of this.#entries) {
      const { endpoint, matches } = entry.rule;
      if (endpoint !== undefined && endpoint !== request.endpoint) continue;
      if (matches && !matches(request)) continue;
      entry.seen += 1;
      if (chosen || !this.#strikes(entry)) continue;
      entry.hits += 1;
      chosen = this.#pick(entry.rule.fault);
    }
    return chosen;
  }

  #strikes({ rule, seen }: Entry): boolean {
    const { requests, chance } = rule;
    if (typeof requests === 'number' && requests !== seen) return false;
    if (typeof requests === 'object' && !requests.includes(seen)) return false;
    return chance === undefined || this.#random() < chance;
  }

  #pick(fault: Fault | readonly Fault[]): Fault {
    if (!isList(fault)) return fault;
    const picked = fault[Math.floor(this.#random() * fault.length)];
    if (!picked) throw new Error('loopback Jira: a fault rule with an empty list: name at least one fault');
    return picked;
  }
}

function isList(fault: Fault | readonly Fault[]): fault is readonly Fault[] {
  return Array.isArray(fault);
}
