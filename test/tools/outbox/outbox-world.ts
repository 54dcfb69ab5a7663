// A tracker that exists apart from whoever asks it: requests arrive, are applied and answered at times of their own, and
// a client that is dead does not stop them. It loses answers, applies late, asks for peace and lags with its index.

import { TrackerError, type TrackerAdapter } from '../../../src/contract/tracker.ts';
import type { VirtualTime } from '../../simulation/virtual-time.ts';

export interface Applied {
  readonly atMs: number;
  readonly what: string;
  readonly key: string;
}

export interface OutboxWorld {
  readonly applied: Applied[];
  readonly states: Map<string, string>;
  /** As one client sees it; `dead` clients get no answers. */
  client(dead: () => boolean): TrackerAdapter;
  /** From now on it does as it is told. */
  heal(): void;
}

export interface WorldParts {
  readonly time: VirtualTime;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Of a request, from 0 to 1. */
  readonly faultChance: number;
}

type Fate = 'fine' | 'never_arrives' | 'answer_lost' | 'late' | 'refused' | 'throttled';
const FATES: readonly Fate[] = ['never_arrives', 'answer_lost', 'late', 'refused', 'throttled'];

/** Later than this nothing is applied by a server that anybody still talks to: it shows before the last look. */
const INDEX_LAG_MS = 40_000;
const LATEST_MS = { compared: 8_000, repeated: 25_000, indexed: 58_000 - INDEX_LAG_MS };

export function createOutboxWorld({ time, random, faultChance }: WorldParts): OutboxWorld {
  const applied: Applied[] = [];
  const states = new Map<string, string>();
  const labels = new Map<string, Set<string>>();
  let chance = faultChance;

  const has = (key: string, what: string, byMs: number): boolean =>
    applied.some((one) => one.key === key && one.what === what && one.atMs <= byMs);

  function client(dead: () => boolean): TrackerAdapter {
    /** `apply` happens at most once, whatever becomes of the client. */
    function request<T>(apply: () => T, latestMs: number): Promise<T> {
      const fate: Fate = random() < chance ? (FATES[Math.floor(random() * FATES.length)] ?? 'fine') : 'fine';
      return new Promise((resolve, reject) => {
        const answer = (settle: () => void): void => {
          time.after(1 + random() * 40, () => {
            if (!dead()) settle();
          });
        };
        const fail = (facts: { retryAfterMs?: number; applied: 'no' | 'unknown' }): void =>
          answer(() => {
            const kind = facts.retryAfterMs === undefined ? 'tracker_transport_error' : 'tracker_api_error';
            reject(new TrackerError({ kind, method: 'POST', path: '/', detail: fate, ...facts }));
          });
        if (fate === 'never_arrives') return fail({ applied: 'unknown' });
        if (fate === 'refused') return fail({ applied: 'no' });
        if (fate === 'throttled') return fail({ applied: 'no', retryAfterMs: 1_000 + random() * 60_000 });
        if (fate === 'late') {
          time.after(random() * latestMs, () => void attempt(apply));
          return fail({ applied: 'unknown' });
        }
        time.after(1 + random() * 20, () => {
          const outcome = attempt(apply);
          if (fate === 'answer_lost') return fail({ applied: 'unknown' });
          answer(() => ('value' in outcome ? resolve(outcome.value) : reject(outcome.error as Error)));
        });
      });
    }

    const once = (key: string, what: string, latestMs = LATEST_MS.repeated): Promise<string> =>
      request(() => {
        applied.push({ atMs: time.nowMs(), what, key });
        return `id-${key}`;
      }, latestMs);
    const find = (key: string, what: string, lagMs = 0): Promise<string | null> =>
      request(() => (has(key, what, time.nowMs() - lagMs) ? `id-${key}` : null), 0);

    const adapter = {
      addKeyedComment: (id: string, _body: string, key: string) => once(key, `comment ${id}`),
      findKeyedComment: (id: string, key: string) => find(key, `comment ${id}`),
      createKeyedIssue: async (_issue: unknown, key: string) => {
        const id = await once(key, 'issue', LATEST_MS.indexed);
        return { id, identifier: id };
      },
      findKeyedIssue: async (_issue: unknown, key: string) => {
        const id = await find(key, 'issue', INDEX_LAG_MS * random());
        return id === null ? null : { id, identifier: id };
      },
      addWorklog: (id: string, _log: unknown, key: string) => once(key, `worklog ${id}`),
      findWorklog: (id: string, _log: unknown, key: string) => find(key, `worklog ${id}`),
      transitionIssue: (id: string, state: string, { from }: { from: readonly string[] }) =>
        request(() => {
          const present = states.get(id) ?? '';
          if (!from.includes(present)) {
            const detail = `it is ${present}`;
            throw new TrackerError({ kind: 'tracker_payload_error', method: 'POST', path: id, detail });
          }
          states.set(id, state);
          applied.push({ atMs: time.nowMs(), what: `state ${id}`, key: state });
        }, LATEST_MS.compared),
      addLabels: (id: string, given: readonly string[]) =>
        request(() => labels.set(id, new Set([...(labels.get(id) ?? []), ...given])), 0),
      removeLabels: () => Promise.reject(new Error('nobody asks for it here')),
      fetchIssueById: (id: string) =>
        request(() => ({ id, state: states.get(id) ?? '', labels: [...(labels.get(id) ?? [])] }), 0),
    };
    return adapter as unknown as TrackerAdapter;
  }

  return { applied, states, client, heal: () => (chance = 0) };
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(work: () => T): Outcome<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
