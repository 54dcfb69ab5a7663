// Which issue keys belong to the configured project. Nearly always the key's prefix says so. A project whose key was
// renamed answers to both, so before an issue counts as another project's, Jira is asked once what the project's key
// is now.
import { z } from 'zod';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { JiraClient } from '../client.ts';
import { segment } from '../http/path.ts';
import { readList } from './paged-list.ts';

export const projectWire = z.object({
  id: z.string().nullish(),
  key: z.string().min(1),
  name: z.string().nullish(),
});
export type ProjectWire = z.infer<typeof projectWire>;

/** By key, an old key, or id. Throws `tracker_not_found`. */
export function readProject(client: JiraClient, project: string, signal: AbortSignal): Promise<ProjectWire> {
  const path = `/rest/api/3/project/${segment(project)}`;
  return client.request({ method: 'GET', path, schema: projectWire, signal });
}

export async function listProjects(
  client: JiraClient,
  limit: number,
  signal: AbortSignal,
): Promise<{ key: string; name: string }[]> {
  const list = { path: '/rest/api/3/project/search', value: projectWire, limit };
  return (await readList(client, list, signal)).map(({ key, name }) => ({ key, name: name ?? '' }));
}

export class OwnProject {
  readonly #client: JiraClient;
  readonly #project: string;
  readonly #keys: Set<string>;
  #asked = false;

  constructor(client: JiraClient, project: string) {
    this.#client = client;
    this.#project = project;
    this.#keys = new Set([project.toUpperCase()]);
  }

  /** As far as is known without asking. */
  holds(issueKey: string): boolean {
    return this.#keys.has(prefixOf(issueKey));
  }

  /** Those of the project, and the keys of those that are not. At most one request, ever. */
  async sort<T extends { readonly key: string }>(
    issues: readonly T[],
    signal: AbortSignal,
  ): Promise<{ ours: T[]; foreign: string[] }> {
    if (!this.#asked && issues.some(({ key }) => !this.holds(key))) await this.#ask(signal);
    const ours = issues.filter(({ key }) => this.holds(key));
    const foreign = issues.filter(({ key }) => !this.holds(key)).map(({ key }) => key);
    return { ours, foreign };
  }

  async #ask(signal: AbortSignal): Promise<void> {
    try {
      const { key } = await readProject(this.#client, this.#project, signal);
      this.#keys.add(key.toUpperCase());
    } catch (error) {
      if (!(error instanceof TrackerError) || error.kind !== 'tracker_not_found') throw error;
    }
    this.#asked = true;
  }
}

function prefixOf(issueKey: string): string {
  return issueKey.slice(0, Math.max(0, issueKey.lastIndexOf('-'))).toUpperCase();
}
