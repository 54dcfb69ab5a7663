// Which run of an issue is meant when none is named: the one that runs, else the newest that has ended. An issue that
// has had none is answered with the reason.

import { ClientError } from './client/client-error.ts';
import type { DaemonClient } from './client/daemon-client.ts';
import { EXPLAINED_FIELDS, type Explained } from './explain.ts';

interface Issue {
  readonly running: { readonly run_id: string | null } | null;
}

/** Throws an Error with one line for people. */
export async function newestRun(client: DaemonClient, key: string): Promise<string> {
  const live = await liveRun(client, key);
  if (live !== null) return live;
  const query = new URLSearchParams({ identifier: key, limit: '1' });
  const { runs } = await client.get<{ runs: readonly { readonly run_id: string }[] }>(
    `/api/v1/history?${query.toString()}`,
    ['runs'],
  );
  if (runs[0] !== undefined) return runs[0].run_id;
  throw new Error(`${key} has had no run here: ${await whyNot(client, key)}`);
}

/** Whether it may still say something. */
export async function isLiveRun(asked: {
  readonly client: DaemonClient;
  readonly key: string | null;
  readonly runId: string;
}): Promise<boolean> {
  const { client, key, runId } = asked;
  if (key !== null) return (await liveRun(client, key)) === runId;
  const { running } = await client.get<{ running: readonly { readonly run_id: string | null }[] }>(
    '/api/v1/state',
    ['running'],
  );
  return running.some(({ run_id }) => run_id === runId);
}

async function liveRun(client: DaemonClient, key: string): Promise<string | null> {
  try {
    const { running } = await client.get<Issue>(`/api/v1/issues/${encodeURIComponent(key)}`, ['running']);
    return running?.run_id ?? null;
  } catch (error) {
    // The history may know what the state has forgotten.
    if (error instanceof ClientError && error.code === 'issue_not_found') return null;
    throw error;
  }
}

async function whyNot(client: DaemonClient, key: string): Promise<string> {
  const path = `/api/v1/issues/${encodeURIComponent(key)}/explain`;
  const { verdict, detail } = await client.get<Explained>(path, EXPLAINED_FIELDS);
  return `${verdict}: ${detail}`;
}
