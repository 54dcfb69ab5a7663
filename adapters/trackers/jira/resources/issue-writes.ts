// Making, changing and assigning issues. Descriptions are Markdown here and documents in Jira; who is assigned may be
// given as an account id, a name or an e-mail address. Making an issue is never sent twice: after a lost answer the
// error says so, and who asked looks first.
import { z } from 'zod';
import type { IssueRef } from '../../../../src/contract/issue.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { IssueChanges, NewIssue } from '../../../../src/contract/tracker-capabilities.ts';
import { defuse } from '../adf/index.ts';
import type { JiraClient } from '../client.ts';
import { documentOf } from '../document-of.ts';
import { keyProperties } from '../write-key.ts';
import { issuePath } from './issues.ts';
import { checkLabels } from './labels.ts';
import { accountIdOf } from './users.ts';

const createPath = '/rest/api/3/issue';
const createdWire = z.object({ id: z.string().min(1), key: z.string().min(1) });

/** `key`: of the write; it is kept as a property of the issue. */
export async function createIssue(
  client: JiraClient,
  { issue, key: writeKey }: { readonly issue: NewIssue; readonly key: string },
  signal: AbortSignal,
): Promise<IssueRef> {
  const { project, issueType, parent } = issue;
  const fields = {
    ...(await changedFields(client, { changes: issue, project, path: createPath }, signal)),
    project: { key: project },
    issuetype: named(issueType),
    ...(parent === undefined ? {} : { parent: /^\d+$/.test(parent) ? { id: parent } : { key: parent } }),
  };
  try {
    const body = { fields, properties: keyProperties(writeKey) };
    const call = { method: 'POST', path: createPath, body, signal } as const;
    const { id, key } = await client.request({ ...call, schema: createdWire });
    return { id, identifier: key };
  } catch (error) {
    if (!(error instanceof TrackerError) || error.applied === 'no') throw error;
    const detail = `the answer was lost, so the issue may exist; search for it before making it again (${error.message})`;
    const { kind, applied, retryAfterMs } = error;
    const facts = { kind, applied, retryAfterMs, detail, cause: error };
    throw new TrackerError({ ...facts, method: 'POST', path: createPath });
  }
}

export async function updateIssue(
  client: JiraClient,
  { id, changes, project }: { readonly id: string; readonly changes: IssueChanges; readonly project: string },
  signal: AbortSignal,
): Promise<void> {
  const path = issuePath(id);
  const fields = await changedFields(client, { changes, project, path }, signal);
  if (Object.keys(fields).length === 0) return;
  await client.send({ method: 'PUT', path, body: { fields }, issueId: id, idempotent: true, signal });
}

export async function assignIssue(
  client: JiraClient,
  { id, who, project }: { readonly id: string; readonly who: string | null; readonly project: string },
  signal: AbortSignal,
): Promise<void> {
  const accountId = who === null ? null : await accountIdOf(client, { query: who, project }, signal);
  const path = `${issuePath(id)}/assignee`;
  await client.send({ method: 'PUT', path, body: { accountId }, issueId: id, idempotent: true, signal });
}

/** What is undefined is not among them; named fields win over the same one by id. */
async function changedFields(
  client: JiraClient,
  { changes, project, path }: { changes: IssueChanges; project: string; path: string },
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { title, description, accountId, priority, labels, components, fields: byId } = changes;
  const fields: Record<string, unknown> = {};
  for (const [fieldId, value] of Object.entries(byId ?? {})) {
    if (value !== undefined) fields[fieldId] = defuse(value);
  }
  if (title !== undefined) fields['summary'] = title;
  if (description !== undefined) fields['description'] = description === '' ? null : documentOf(description);
  if (priority !== undefined) fields['priority'] = named(priority);
  if (components !== undefined) fields['components'] = components.map((name) => ({ name }));
  if (labels !== undefined) {
    checkLabels(labels, path);
    fields['labels'] = labels;
  }
  if (accountId !== undefined) {
    fields['assignee'] = { id: await accountIdOf(client, { query: accountId, project }, signal) };
  }
  return fields;
}

/** A number is an id, anything else a name. */
function named(nameOrId: string): { id: string } | { name: string } {
  return /^\d+$/.test(nameOrId) ? { id: nameOrId } : { name: nameOrId };
}
