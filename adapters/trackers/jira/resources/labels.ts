// Labels of an issue, changed by Jira's `update` verbs: a label that a person adds at the same time stays. Jira tells
// labels of different case apart and we do not, so taking one off takes off each spelling of it.
import { z } from 'zod';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { JiraClient } from '../client.ts';
import { issuePath } from './issues.ts';

const labelsWire = z.object({
  fields: z.object({ labels: z.array(z.string()).nullish() }),
});

export async function addLabels(
  client: JiraClient,
  { id, labels }: { readonly id: string; readonly labels: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  checkLabels(labels, issuePath(id));
  await update(
    client,
    id,
    labels.map((label) => ({ add: label })),
    signal,
  );
}

export async function removeLabels(
  client: JiraClient,
  { id, labels }: { readonly id: string; readonly labels: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  if (labels.length === 0) return;
  const wanted = new Set(labels.map((label) => label.toLowerCase()));
  const call = { method: 'GET', path: issuePath(id), query: { fields: 'labels' }, signal } as const;
  const { fields } = await client.request({ ...call, schema: labelsWire });
  const present = (fields.labels ?? []).filter((label) => wanted.has(label.toLowerCase()));
  await update(
    client,
    id,
    present.map((label) => ({ remove: label })),
    signal,
  );
}

/** Throws `tracker_payload_error` for what Jira takes for no label, which it would say in the account's language. */
export function checkLabels(labels: readonly string[], path: string): void {
  const wrong = labels.find((label) => label === '' || /\s/.test(label));
  if (wrong === undefined) return;
  const detail = `the label ${JSON.stringify(wrong)} is empty or has a space, which Jira allows in no label`;
  throw new TrackerError({ kind: 'tracker_payload_error', method: 'PUT', path, detail });
}

/** Both verbs may be sent again: they leave the same labels. */
async function update(
  client: JiraClient,
  id: string,
  labels: readonly Readonly<Record<string, string>>[],
  signal: AbortSignal,
): Promise<void> {
  if (labels.length === 0) return;
  const body = { update: { labels } };
  await client.send({ method: 'PUT', path: issuePath(id), body, issueId: id, idempotent: true, signal });
}
