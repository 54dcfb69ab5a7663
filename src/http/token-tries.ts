// Wrong tokens by the address of the socket, at sign-in and in `Authorization` alike: after so many nobody signs in from
// there until the minute is over, and wrong headers are refused unread. A right header always passes, because a guesser
// behind the same proxy must not lock a program out; that tells a guesser what is right, so tokens have to be random.
// The same wrong header again is a program with an old token and no guess. Bounded, however many come.

import { normalizeIP } from '@fastify/rate-limit';
import type { Socket } from 'node:net';
import { ApiError } from './error-codes.ts';

const TRIES = 5;
const WINDOW_MS = 60_000;
/** So many addresses are remembered; an IPv6 network of 64 bits is one. */
const ADDRESSES = 5_000;

export interface TokenTries {
  /** Throws `too_many_logins` while no wrong token is taken from there. */
  guard(socket: Socket): void;
  /** A wrong token came. `digest`: of what is counted once only. False = it was counted before. */
  count(socket: Socket, digest?: string): boolean;
}

interface Tries {
  readonly untilMs: number;
  readonly digests: Set<string>;
  count: number;
}

/** `onShut`: from that address nothing wrong is looked at for a while, nor told any more. */
export function createTokenTries(
  monotonicMs: () => number,
  onShut: (address: string) => void = () => undefined,
): TokenTries {
  const byAddress = new Map<string, Tries>();

  const triesOf = (address: string): Tries | undefined => {
    const tries = byAddress.get(address);
    if (tries === undefined || tries.untilMs > monotonicMs()) return tries;
    byAddress.delete(address);
    return undefined;
  };

  return {
    guard: (socket) => {
      const tries = triesOf(addressOf(socket));
      if (tries === undefined || tries.count < TRIES) return;
      const seconds = Math.ceil((tries.untilMs - monotonicMs()) / 1_000);
      throw new ApiError('too_many_logins', `too many wrong tokens from this address: wait ${seconds} s`, {
        'retry-after': String(seconds),
      });
    },
    count: (socket, digest) => {
      const address = addressOf(socket);
      const tries = triesOf(address) ?? { untilMs: monotonicMs() + WINDOW_MS, digests: new Set(), count: 0 };
      if (digest !== undefined && tries.digests.has(digest)) return false;
      if (digest !== undefined) tries.digests.add(digest);
      tries.count += 1;
      byAddress.set(address, tries);
      const oldest = byAddress.keys().next().value;
      if (byAddress.size > ADDRESSES && oldest !== undefined) byAddress.delete(oldest);
      if (tries.count === TRIES) onShut(address);
      return true;
    },
  };
}

/** What a proxy says about addresses is not believed. */
function addressOf({ remoteAddress }: Socket): string {
  return normalizeIP(remoteAddress ?? 'socket');
}
