// Which of the issues that a search brought back are ours: of the project, and in the states that were asked for. It is
// checked again here, so that a `query_filter` cannot widen what is worked on and an index that lags cannot bring back
// what was moved. What is left out for its project is said once.
import type { JiraConnection } from './connection.ts';
import type { IssueWire } from './normalise-issue.ts';
import { OwnProject } from './resources/projects.ts';

const rememberedProjects = 1_000;

export class OwnIssues {
  readonly #connection: JiraConnection;
  readonly #project: OwnProject;
  /** By the key that was named. */
  readonly #others = new Map<string, OwnProject>();
  #told = '';

  constructor(connection: JiraConnection) {
    this.#connection = connection;
    this.#project = new OwnProject(connection.client, connection.settings.project);
  }

  /** As far as is known without asking Jira. */
  mayHold(issueKey: string): boolean {
    return this.#project.holds(issueKey);
  }

  async inStates(
    issues: readonly IssueWire[],
    states: readonly string[],
    signal: AbortSignal,
  ): Promise<IssueWire[]> {
    const wanted = new Set(states.map(fold));
    const ours = await this.ours(issues, signal);
    return ours.filter(({ fields }) => wanted.has(fold(fields.status.name)));
  }

  /** Those of the named projects, silently: who names projects is told what was asked, not what was left out. */
  async within(
    issues: readonly IssueWire[],
    projects: readonly string[],
    signal: AbortSignal,
  ): Promise<IssueWire[]> {
    const named = projects.map((project) => this.#named(project));
    const kept = new Set(issues.filter(({ key }) => named.some((project) => project.holds(key))));
    for (const project of named) {
      const left = issues.filter((issue) => !kept.has(issue));
      if (left.length === 0) break;
      for (const issue of (await project.sort(left, signal)).ours) kept.add(issue);
    }
    return issues.filter((issue) => kept.has(issue));
  }

  #named(project: string): OwnProject {
    const known = this.#others.get(project);
    if (known) return known;
    if (this.#others.size >= rememberedProjects) this.#others.clear();
    const made = new OwnProject(this.#connection.client, project);
    this.#others.set(project, made);
    return made;
  }

  async ours(issues: readonly IssueWire[], signal: AbortSignal): Promise<IssueWire[]> {
    const { ours, foreign } = await this.#project.sort(issues, signal);
    const [example] = foreign;
    if (example !== undefined && this.#told !== example) {
      this.#told = example;
      const { settings, warn } = this.#connection;
      const message =
        'left out issues of another project; is tracker.project its key, and query_filter about it?';
      warn(message, { project: settings.project, example, count: foreign.length });
    }
    return ours;
  }
}

function fold(state: string): string {
  return state.trim().toLowerCase();
}
