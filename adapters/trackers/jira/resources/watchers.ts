// Who watches an issue. Adding one who watches already changes nothing, so it may be sent again.
import type { JiraClient } from '../client.ts';
import { issuePath } from './issues.ts';

export async function addWatcher(
  client: JiraClient,
  { id, accountId }: { readonly id: string; readonly accountId: string },
  signal: AbortSignal,
): Promise<void> {
  const path = `${issuePath(id)}/watchers`;
  // The body is a bare JSON string.
  await client.send({ method: 'POST', path, body: accountId, issueId: id, idempotent: true, signal });
}
