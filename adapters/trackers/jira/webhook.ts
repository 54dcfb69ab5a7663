// A webhook of Jira → which issue to look at. The proof is an HMAC over the raw body, compared in constant time
// before anything of the body is read. A notification is never believed: it says where to look, polling stays the
// truth. Deliveries are remembered, a bounded number of them, because Jira repeats what it thinks was lost.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { WebhookAnswer } from '../../../src/contract/tracker-capabilities.ts';

export interface WebhookOptions {
  /** "" = off. */
  readonly secret: string;
  /** Whether an issue with this key may be ours; what is not wakes nobody. */
  readonly concerns: (key: string) => boolean;
  /** Deliveries that are remembered. Jira repeats a delivery at most five times, within the hour. */
  readonly memory?: number;
}

const payloadWire = z.object({
  issue: z.object({ id: z.union([z.string(), z.number()]), key: z.string().nullish() }).nullish(),
});

export class Webhook {
  readonly #options: WebhookOptions;
  readonly #memory: number;
  readonly #seen = new Set<string>();

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#memory = options.memory ?? 2_000;
  }

  get enabled(): boolean {
    return this.#options.secret !== '';
  }

  take(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array): WebhookAnswer {
    if (!this.enabled) return refused('jira.webhook_secret is not set');
    const header = headerOf(headers, 'x-hub-signature');
    if (header === '')
      return refused('no X-Hub-Signature: give the webhook in Jira the secret of jira.webhook_secret');
    if (!this.#proves(header, body))
      return refused('X-Hub-Signature does not fit the body and jira.webhook_secret');
    const delivery = headerOf(headers, 'x-atlassian-webhook-identifier');
    if (delivery !== '' && this.#seen.has(delivery)) return { kind: 'duplicate' };
    const payload = payloadOf(body);
    if (payload === null) return refused('the body is not a JSON object of a Jira webhook');
    if (delivery !== '') this.#remember(delivery);
    if (!payload.issue) return { kind: 'wake', issueIds: [] };
    const { id, key } = payload.issue;
    // Another project's issue is taken and acknowledged, so that Jira does not send it again.
    if (key && !this.#options.concerns(key)) return { kind: 'duplicate' };
    return { kind: 'wake', issueIds: [String(id)] };
  }

  #proves(header: string, body: Uint8Array): boolean {
    const given = /^sha256=([0-9a-f]{64})$/i.exec(header.trim())?.[1];
    if (given === undefined) return false;
    const expected = createHmac('sha256', this.#options.secret).update(body).digest();
    return timingSafeEqual(Buffer.from(given, 'hex'), expected);
  }

  #remember(delivery: string): void {
    this.#seen.add(delivery);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= this.#memory) break;
      this.#seen.delete(oldest);
    }
  }
}

function payloadOf(body: Uint8Array): z.infer<typeof payloadWire> | null {
  try {
    const parsed = payloadWire.safeParse(JSON.parse(Buffer.from(body).toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Node gives header names in lower case; a caller of another kind may not. */
function headerOf(headers: Readonly<Record<string, string | undefined>>, name: string): string {
  const direct = headers[name];
  if (direct !== undefined) return direct;
  const found = Object.entries(headers).find(([given]) => given.toLowerCase() === name);
  return found?.[1] ?? '';
}

function refused(detail: string): WebhookAnswer {
  return { kind: 'refused', detail };
}
