// Who may come in: one unguessable token for each run, known here only by its digest. A look-up by digest and a
// comparison in constant time tell nobody how much of a guess was right. A dead token gets what one that never was gets;
// of the newest of them it is remembered whose they were, for the audit alone.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ToolSession, TurnedAway } from '../ports.ts';
import { createCallGate } from './call-gate.ts';
import type { CallGate } from './call-gate.ts';

const TOKEN_BYTES = 32;
/** Runs that have ended and whose late requests are still noted. */
const ENDED_KEPT = 256;
const BEARER = /^Bearer +([\w-]{1,200}) *$/i;

/** One run's access while it lasts. */
export interface Admission {
  readonly session: ToolSession;
  readonly gate: CallGate;
  /** Aborted when the run has ended. */
  readonly ended: AbortSignal;
  /** Answers that are still to be given. */
  readonly open: Set<ServerResponse>;
  /** Bytes of bodies that are being read or worked on. */
  heldBytes: number;
  wasAsked: boolean;
}

export interface Admissions {
  admit(session: ToolSession): { readonly token: string; readonly admission: Admission; revoke(): void };
  /** @param authorization the header as it came. null = nobody's. */
  find(authorization: string | undefined): Admission | null;
  /** Of a run that has ended not long ago: where its late requests are noted; null = nobody's. */
  findEnded(authorization: string | undefined): TurnedAway | null;
}

/** Nobody is admitted yet. */
export function createAdmissions(): Admissions {
  const admitted = new Map<string, { readonly digest: Buffer; readonly admission: Admission }>();
  const ended = new Map<string, TurnedAway>();
  return {
    admit(session) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const digest = digestOf(token);
      const key = digest.toString('hex');
      const ender = new AbortController();
      // One listener for each call under way.
      setMaxListeners(0, ender.signal);
      const admission: Admission = {
        session,
        gate: createCallGate(),
        ended: ender.signal,
        open: new Set(),
        heldBytes: 0,
        wasAsked: false,
      };
      admitted.set(key, { digest, admission });
      return {
        token,
        admission,
        revoke() {
          if (admitted.delete(key)) ended.set(key, session.turnedAway);
          const [oldest] = ended.keys();
          if (ended.size > ENDED_KEPT && oldest !== undefined) ended.delete(oldest);
          ender.abort('the run has ended');
        },
      };
    },
    find(authorization) {
      const digest = digestIn(authorization);
      if (digest === null) return null;
      const known = admitted.get(digest.toString('hex'));
      return known !== undefined && timingSafeEqual(known.digest, digest) ? known.admission : null;
    },
    findEnded: (authorization) => ended.get(digestIn(authorization)?.toString('hex') ?? '') ?? null,
  };
}

/** null = no bearer token. */
function digestIn(authorization: string | undefined): Buffer | null {
  const token = BEARER.exec(authorization ?? '')?.[1];
  return token === undefined ? null : digestOf(token);
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
