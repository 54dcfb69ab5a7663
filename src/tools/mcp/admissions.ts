// Who may come in: one unguessable token for each run, known here only by its digest. A look-up by digest and a
// comparison in constant time tell nobody how much of a guess was right. What was revoked is forgotten at once: a dead
// token and one that never was are the same.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ToolSession } from '../ports.ts';
import { createCallGate } from './call-gate.ts';
import type { CallGate } from './call-gate.ts';

const TOKEN_BYTES = 32;
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
  all(): readonly Admission[];
}

/** Nobody is admitted yet. */
export function createAdmissions(): Admissions {
  const admitted = new Map<string, { readonly digest: Buffer; readonly admission: Admission }>();
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
          admitted.delete(key);
          ender.abort('the run has ended');
        },
      };
    },
    find(authorization) {
      const token = BEARER.exec(authorization ?? '')?.[1];
      if (token === undefined) return null;
      const digest = digestOf(token);
      const known = admitted.get(digest.toString('hex'));
      return known !== undefined && timingSafeEqual(known.digest, digest) ? known.admission : null;
    },
    all: () => [...admitted.values()].map(({ admission }) => admission),
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
