// How a proposal stands, in words and colours. Pure.

import { words } from '../phrases.ts';
import type { Tone } from '../tone.ts';
import type { Approval, OutboxWrite } from '../wire-tools.ts';

type Standing = Pick<Approval, 'status' | 'result' | 'modifiedDetails'>;

interface Words {
  readonly label: string;
  readonly tone: Tone;
}

const results: Readonly<Record<string, Words>> = {
  applying: { label: 'Being written', tone: 'live' },
  done: { label: 'Done', tone: 'good' },
  partly: { label: 'Partly done', tone: 'warn' },
  refused: { label: 'Not done', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
};

/** Of the decision alone. */
export function statusWords({ status, modifiedDetails }: Standing): Words {
  switch (status) {
    case 'pending':
      return { label: 'Waiting', tone: 'warn' };
    case 'approved':
      return { label: modifiedDetails === null ? 'Approved' : 'Approved, changed', tone: 'good' };
    case 'rejected':
      return { label: 'Rejected', tone: 'bad' };
    case 'expired':
      return { label: 'Expired', tone: 'calm' };
    default:
      return { label: words(status), tone: 'calm' };
  }
}

/** Of what became of it; null = nothing was to be written. */
export function resultWords({ result }: Standing): Words | null {
  if (result === null) return null;
  return (
    (Object.hasOwn(results, result.status) ? results[result.status] : undefined) ?? {
      label: words(result.status),
      tone: 'calm',
    }
  );
}

const writes: Readonly<Record<string, Words>> = {
  waiting: { label: 'Waiting', tone: 'warn' },
  sending: { label: 'Being sent', tone: 'live' },
  unsure: { label: 'Being looked up', tone: 'warn' },
  done: { label: 'Done', tone: 'good' },
  refused: { label: 'Refused', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'calm' },
};

export function writeWords({ status }: Pick<OutboxWrite, 'status'>): Words {
  return (
    (Object.hasOwn(writes, status) ? writes[status] : undefined) ?? { label: words(status), tone: 'calm' }
  );
}
