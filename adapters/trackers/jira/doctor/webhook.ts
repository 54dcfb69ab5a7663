// Whether wake-ups by webhook are on. Jira cannot be asked about its admin webhooks with an API token.
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { ok, warning, type Visit } from './finding.ts';

/** A shorter secret can be guessed offline from one captured delivery. */
const shortSecret = 16;

export async function* checkWebhook({ connection }: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const { webhookSecret } = connection.settings;
  if (webhookSecret === '')
    yield ok('webhook', 'off: changes are seen at the next poll (jira.webhook_secret turns it on)');
  else if (webhookSecret.length < shortSecret) {
    const message = `jira.webhook_secret has fewer than ${shortSecret} characters`;
    yield warning('webhook', message, 'take a random one, for example from openssl rand -hex 32');
  } else yield ok('webhook', 'on: POST /hooks/jira wakes the daemon');
}
