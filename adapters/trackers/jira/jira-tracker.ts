// Jira Cloud as a tracker: the reading methods, each a few lines over resources/; what it writes is in jira-writes.ts. It
// holds no issue between two calls; what it remembers is who we are, which writes are fresh and what was warned about.
// Every answer is read whole or the call fails, and what a search brings back is checked against project and states again.
import type { TrackerTool } from '../../../src/contract/agent-tools.ts';
import type { Comment, Issue, IssueRef } from '../../../src/contract/issue.ts';
import type { TrackerAdapter } from '../../../src/contract/tracker.ts';
import type {
  DoctorFinding,
  DoctorRequest,
  IssueChanges,
  SearchOptions,
  SearchPage,
  Throttle,
  TrackerSchema,
  TrackerUser,
  WebhookAnswer,
} from '../../../src/contract/tracker-capabilities.ts';
import { adfToMarkdown, flattenAdf } from './adf/index.ts';
import type { JiraCapabilities } from './capabilities.ts';
import type { JiraConnection } from './connection.ts';
import { diagnose } from './doctor.ts';
import { JiraWrites } from './jira-writes.ts';
import { byStatesJql, candidatesJql, candidateTestJql, countJql, type JqlScope } from './jql.ts';
import { normaliseComment } from './normalise-comment.ts';
import { issueFields, normaliseIssue, type IssueView, type IssueWire } from './normalise-issue.ts';
import { priorityBy } from './normalise-priority.ts';
import { OwnIssues } from './own-issues.ts';
import { findAmongCandidates } from './resources/candidate-test.ts';
import { CandidateStream, issuePage } from './resources/candidates.ts';
import { readComments } from './resources/comments.ts';
import { countIssues } from './resources/count.ts';
import { readFields } from './resources/field-values.ts';
import { readIssue, readIssueByKey, statesByIds, statesByKeys } from './resources/issues.ts';
import { listProjects } from './resources/projects.ts';
import { readSchema } from './resources/schema.ts';
import { boundedQuery } from './resources/search-query.ts';
import { nextToken, searchAll, searchPage } from './resources/search.ts';
import { readTransitions } from './resources/transitions.ts';
import { findUsers, readUserById } from './resources/users.ts';
import { jiraTools } from './tools/index.ts';
import { Webhook } from './webhook.ts';

/** What a registration's `create` returns. No I/O. */
export function createJiraTracker(connection: JiraConnection): TrackerAdapter & JiraCapabilities {
  return new JiraTracker(connection);
}

class JiraTracker extends JiraWrites implements TrackerAdapter, JiraCapabilities {
  readonly #view: IssueView;
  readonly #own: OwnIssues;
  readonly #stream: CandidateStream;
  readonly #webhook: Webhook;
  readonly #tools: readonly TrackerTool[];

  constructor(connection: JiraConnection) {
    super(connection);
    const { settings } = connection;
    this.#view = {
      endpoint: settings.browseBase,
      bodyText: settings.richText === 'markdown' ? adfToMarkdown : flattenAdf,
      priorityOf: priorityBy(settings.priorityOrder),
    };
    this.#own = new OwnIssues(connection);
    this.#stream = new CandidateStream(connection, this.#scope(settings.activeStates));
    const concerns = (key: string): boolean => this.#own.mayHold(key);
    this.#webhook = new Webhook({ secret: settings.webhookSecret, concerns });
    this.#tools = jiraTools({
      client: connection.client,
      browseBase: settings.browseBase,
      loggedIn: (signal, job) => this.proven(signal, job),
      people: this,
    });
  }

  // ---- the seven -----------------------------------------------------------------------------------

  async fetchCandidateIssues(signal: AbortSignal): Promise<Issue[]> {
    const states = this.connection.settings.activeStates;
    return this.proven(signal, () => this.#searched(candidatesJql(this.#scope(states)), states, signal));
  }

  async fetchIssueById(id: string, signal: AbortSignal): Promise<Issue> {
    return this.login.watch(async () => {
      const issue = await readIssue(this.connection.client, id, signal);
      return { ...normaliseIssue(issue, this.#view), comments: await this.#commentsOf(issue.id, signal) };
    });
  }

  async fetchIssuesByStates(states: readonly string[], signal: AbortSignal): Promise<Issue[]> {
    if (states.length === 0) return [];
    return this.login.watch(() => this.#searched(byStatesJql(this.#scope(states)), states, signal));
  }

  async fetchIssueStatesByIds(ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
    const fresh = (batch: readonly string[]): readonly string[] => this.recent.among(batch);
    return this.login.watch(() => statesByIds(this.connection.client, ids, fresh, signal));
  }

  async fetchIssueStatesByIdentifiers(
    identifiers: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, string>> {
    return this.login.watch(() => statesByKeys(this.connection.client, identifiers, signal));
  }

  async fetchIssueComments(id: string, signal: AbortSignal): Promise<Comment[]> {
    return this.login.watch(() => this.#commentsOf(id, signal));
  }

  // ---- candidates in dispatch order ----------------------------------------------------------------

  async *streamCandidateIssues(signal: AbortSignal): AsyncGenerator<readonly Issue[], void, void> {
    const { settings } = this.connection;
    await this.login.ensure(signal);
    const pages = this.#stream.pages(signal)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const page = await this.login.watch(() => pages.next());
        if (page.done === true) return;
        const issues = await this.#own.inStates(page.value, settings.activeStates, signal);
        if (issues.length > 0) yield this.#normal(issues);
      }
    } finally {
      await pages.return();
    }
  }

  // ---- looking around ------------------------------------------------------------------------------

  async listTransitions(id: string, signal: AbortSignal): Promise<{ name: string; toState: string }[]> {
    const found = await this.login.watch(() => readTransitions(this.connection.client, id, signal));
    return found.map(({ name, to }) => ({ name, toState: to }));
  }

  async readFields(
    id: string,
    changes: IssueChanges,
    signal: AbortSignal,
  ): Promise<Record<string, string | readonly string[] | null>> {
    return this.login.watch(() => readFields(this.connection.client, { id, changes }, signal));
  }

  async getUser(accountId: string, signal: AbortSignal): Promise<TrackerUser> {
    return this.login.watch(() => readUserById(this.connection.client, accountId, signal));
  }

  async listProjects(limit: number, signal: AbortSignal): Promise<{ key: string; name: string }[]> {
    return this.proven(signal, () => listProjects(this.connection.client, limit, signal));
  }

  async findUsers(query: string, signal: AbortSignal): Promise<TrackerUser[]> {
    const { project } = this.connection.settings;
    return this.login.watch(() => findUsers(this.connection.client, { query, project }, signal));
  }

  async searchIssues(query: string, options: SearchOptions, signal: AbortSignal): Promise<SearchPage> {
    const { client, settings } = this.connection;
    const { anyProject = false, projects } = options;
    const jql = boundedQuery(query, anyProject ? null : (projects ?? [settings.project]));
    const size = Math.min(Math.max(1, Math.trunc(options.limit)), searchLimit);
    const search = { jql, fields: issueFields, schema: issuePage };
    return this.login.watch(async () => {
      const page = await searchPage(client, search, options.cursor, size, signal);
      const kept = anyProject ? page.issues : await this.#found(page.issues, projects, signal);
      return { issues: this.#normal(kept), nextCursor: nextToken(page) ?? null };
    });
  }

  async countIssuesByStates(states: readonly string[], signal: AbortSignal): Promise<number> {
    const jql = countJql(this.#scope(states));
    if (jql === null) return 0;
    return this.proven(signal, () => countIssues(this.connection.client, jql, signal));
  }

  /** `comments` is null: they would be a second request, and who asks by key wants to know of the issue. */
  async fetchIssueByIdentifier(identifier: string, signal: AbortSignal): Promise<Issue> {
    const { client } = this.connection;
    return normaliseIssue(
      await this.login.watch(() => readIssueByKey(client, identifier, signal)),
      this.#view,
    );
  }

  async isCandidate(issue: IssueRef, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const { client, settings } = this.connection;
    const jql = candidateTestJql(this.#scope(settings.activeStates), issue);
    if (jql === null) return false;
    return this.proven(signal, async () => {
      const found = await findAmongCandidates(client, { jql, issue }, signal);
      return (await this.#own.inStates(found, settings.activeStates, signal)).length > 0;
    });
  }

  async discoverSchema(signal: AbortSignal): Promise<TrackerSchema> {
    const { client, settings } = this.connection;
    return this.login.watch(() => readSchema(client, settings.project, signal));
  }

  diagnose(request: DoctorRequest, signal: AbortSignal): AsyncIterable<DoctorFinding> {
    return diagnose(this.connection, request, signal);
  }

  throttles(): readonly Throttle[] {
    return this.connection.client.throttles();
  }

  tools(): readonly TrackerTool[] {
    return this.#tools;
  }

  webhookEnabled(): boolean {
    return this.#webhook.enabled;
  }

  takeWebhook(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array): WebhookAnswer {
    return this.#webhook.take(headers, body);
  }

  // ---- inside --------------------------------------------------------------------------------------

  #scope(states: readonly string[]): JqlScope {
    const { project, queryFilter } = this.connection.settings;
    return { project, states, filter: queryFilter };
  }

  #found(
    issues: readonly IssueWire[],
    projects: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<IssueWire[]> {
    return projects === undefined
      ? this.#own.ours(issues, signal)
      : this.#own.within(issues, projects, signal);
  }

  async #searched(jql: string | null, states: readonly string[], signal: AbortSignal): Promise<Issue[]> {
    if (jql === null) return [];
    const search = { jql, fields: issueFields, schema: issuePage };
    const issues = await searchAll(this.connection.client, search, signal);
    return this.#normal(await this.#own.inStates(issues, states, signal));
  }

  #normal(issues: readonly IssueWire[]): Issue[] {
    return issues.map((issue) => normaliseIssue(issue, this.#view));
  }

  async #commentsOf(id: string, signal: AbortSignal): Promise<Comment[]> {
    const comments = await readComments(this.connection.client, id, signal);
    return comments.map((comment) => normaliseComment(comment, this.#view.bodyText));
  }
}

/** Per page; Jira gives fewer when it likes. */
const searchLimit = 100;
