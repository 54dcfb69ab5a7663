// The projects that a call may show anything of. Planning sees only what is named; a key that an issue had before it was
// moved, an id, or a query shows only in the answer where it leads, so what comes back is judged here once more.
import { ToolFault, type ToolPlace } from '../../../../src/contract/agent-tools.ts';
import type { JiraClient } from '../client.ts';
import { OwnProject } from '../resources/projects.ts';
import { boundedQuery } from '../resources/search-query.ts';
import { asFault } from './tool.ts';

interface Keyed {
  readonly id: string;
  readonly key: string;
}

/** Remembers, for the adapter's life, the present keys of projects whose key was changed. */
export class Scope {
  readonly #client: JiraClient;
  readonly #projects = new Map<string, OwnProject>();

  constructor(client: JiraClient) {
    this.#client = client;
  }

  /** Those that the call may show. */
  async within<T extends Keyed>(issues: readonly T[], place: ToolPlace, signal: AbortSignal): Promise<T[]> {
    if (place.projects === null) return [...issues];
    const inside = new Set<T>(issues.filter(({ id }) => id === place.issue.id));
    for (const project of place.projects) {
      const left = issues.filter((issue) => !inside.has(issue));
      if (left.length === 0) break;
      const { ours } = await this.#own(project).sort(left, signal);
      for (const issue of ours) inside.add(issue);
    }
    return issues.filter((issue) => inside.has(issue));
  }

  /** Throws `project_scope_violation`. */
  async demand(issue: Keyed, place: ToolPlace, signal: AbortSignal): Promise<void> {
    const [found] = await this.within([issue], place, signal);
    if (found !== undefined) return;
    const allowed = (place.projects ?? []).join(', ');
    throw new ToolFault(
      'project_scope_violation',
      `the issue is in another project by now (${issue.key}); tools may touch: ${allowed}`,
    );
  }

  /** As far as is known without asking. */
  mayShow(key: string, place: ToolPlace): boolean {
    if (place.projects === null || key === place.issue.identifier) return true;
    return place.projects.some((project) => this.#own(project).holds(key));
  }

  #own(project: string): OwnProject {
    const known = this.#projects.get(project);
    if (known) return known;
    const own = new OwnProject(this.#client, project);
    this.#projects.set(project, own);
    return own;
  }
}

/** The query inside of these projects, null = all. Throws ToolFault for one that would not stay there. */
export function scopedJql(jql: string, projects: readonly string[] | null): string {
  if (projects?.length === 0) {
    throw new ToolFault('project_scope_violation', 'no project is open to tools; set tools.projects');
  }
  return asFault(() => boundedQuery(jql, projects));
}
