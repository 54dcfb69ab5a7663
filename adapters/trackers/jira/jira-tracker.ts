// Jira Cloud as a tracker: the seven methods and what else it can do, each a few lines over resources/. It holds no
// issue between two calls; what it remembers is who we are, which writes are fresh and what was warned about. Every
// answer is read whole or the call fails, and what a search brings back is checked against project and states again.
import type { Comment, Issue, IssueRef } from '../../../src/contract/issue.ts';
import type { TrackerAdapter, TransitionOptions } from '../../../src/contract/tracker.ts';
import type {
  DoctorFinding,
  DoctorRequest,
  IssueChanges,
  NewIssue,
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
import { byStatesJql, candidatesJql, candidateTestJql, countJql, type JqlScope } from './jql.ts';
import { LoginProof } from './login-proof.ts';
import { normaliseComment } from './normalise-comment.ts';
import { issueFields, normaliseIssue, type IssueView, type IssueWire } from './normalise-issue.ts';
import { priorityBy } from './normalise-priority.ts';
import { OwnIssues } from './own-issues.ts';
import { RecentWrites } from './recent-writes.ts';
import { findAmongCandidates } from './resources/candidate-test.ts';
import { CandidateStream, issuePage } from './resources/candidates.ts';
import { OwnComments, readComments } from './resources/comments.ts';
import { countIssues } from './resources/count.ts';
import { assignIssue, createIssue, updateIssue } from './resources/issue-writes.ts';
import { readIssue, readIssueByKey, statesByIds, statesByKeys } from './resources/issues.ts';
import { addLabels, removeLabels } from './resources/labels.ts';
import { readSchema } from './resources/schema.ts';
import { boundedQuery } from './resources/search-query.ts';
import { nextToken, searchAll, searchPage } from './resources/search.ts';
import { moveIssue } from './resources/transitions.ts';
import { findUsers } from './resources/users.ts';
import { Webhook } from './webhook.ts';

/** What a registration's `create` returns. No I/O. */
export function createJiraTracker(connection: JiraConnection): TrackerAdapter & JiraCapabilities {
  return new JiraTracker(connection);
}

class JiraTracker implements TrackerAdapter, JiraCapabilities {
  readonly #connection: JiraConnection;
  readonly #view: IssueView;
  readonly #login: LoginProof;
  readonly #own: OwnIssues;
  readonly #comments: OwnComments;
  readonly #stream: CandidateStream;
  readonly #webhook: Webhook;
  readonly #recent = new RecentWrites();

  constructor(connection: JiraConnection) {
    const { client, settings } = connection;
    this.#connection = connection;
    this.#view = {
      endpoint: settings.browseBase,
      bodyText: settings.richText === 'markdown' ? adfToMarkdown : flattenAdf,
      priorityOf: priorityBy(settings.priorityOrder),
    };
    this.#login = new LoginProof(client);
    this.#own = new OwnIssues(connection);
    this.#comments = new OwnComments({ client, ourselves: (signal) => this.#login.accountId(signal) });
    this.#stream = new CandidateStream(connection, this.#scope(settings.activeStates));
    const concerns = (key: string): boolean => this.#own.mayHold(key);
    this.#webhook = new Webhook({ secret: settings.webhookSecret, concerns });
  }

  // ---- the seven -----------------------------------------------------------------------------------

  async fetchCandidateIssues(signal: AbortSignal): Promise<Issue[]> {
    const states = this.#connection.settings.activeStates;
    return this.#proven(signal, () => this.#searched(candidatesJql(this.#scope(states)), states, signal));
  }

  async fetchIssueById(id: string, signal: AbortSignal): Promise<Issue> {
    return this.#login.watch(async () => {
      const issue = await readIssue(this.#connection.client, id, signal);
      return { ...normaliseIssue(issue, this.#view), comments: await this.#commentsOf(issue.id, signal) };
    });
  }

  async fetchIssuesByStates(states: readonly string[], signal: AbortSignal): Promise<Issue[]> {
    if (states.length === 0) return [];
    return this.#login.watch(() => this.#searched(byStatesJql(this.#scope(states)), states, signal));
  }

  async fetchIssueStatesByIds(ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
    const fresh = (batch: readonly string[]): readonly string[] => this.#recent.among(batch);
    return this.#login.watch(() => statesByIds(this.#connection.client, ids, fresh, signal));
  }

  async fetchIssueStatesByIdentifiers(
    identifiers: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, string>> {
    return this.#login.watch(() => statesByKeys(this.#connection.client, identifiers, signal));
  }

  async fetchIssueComments(id: string, signal: AbortSignal): Promise<Comment[]> {
    return this.#login.watch(() => this.#commentsOf(id, signal));
  }

  async transitionIssue(
    id: string,
    state: string,
    { from }: TransitionOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const written = (): void => this.#recent.note(id);
    const move = { id, state, from, written };
    await this.#login.watch(() => moveIssue(this.#connection.client, move, signal));
  }

  // ---- candidates in dispatch order ----------------------------------------------------------------

  async *streamCandidateIssues(signal: AbortSignal): AsyncGenerator<readonly Issue[], void, void> {
    const { settings } = this.#connection;
    await this.#login.ensure(signal);
    const pages = this.#stream.pages(signal)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const page = await this.#login.watch(() => pages.next());
        if (page.done === true) return;
        const issues = await this.#own.inStates(page.value, settings.activeStates, signal);
        if (issues.length > 0) yield this.#normal(issues);
      }
    } finally {
      await pages.return();
    }
  }

  // ---- writes --------------------------------------------------------------------------------------

  async addComment(id: string, body: string, signal: AbortSignal): Promise<string> {
    return this.#login.watch(() => this.#comments.add(id, body, signal));
  }

  async editComment(id: string, commentId: string, body: string, signal: AbortSignal): Promise<void> {
    await this.#login.watch(() => this.#comments.edit(id, commentId, body, signal));
  }

  async findOwnComment(id: string, marker: string, signal: AbortSignal): Promise<string | null> {
    return this.#login.watch(() => this.#comments.find(id, marker, signal));
  }

  async addLabels(id: string, labels: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#login.watch(() => addLabels(this.#connection.client, { id, labels }, signal));
  }

  async removeLabels(id: string, labels: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#login.watch(() => removeLabels(this.#connection.client, { id, labels }, signal));
  }

  async createIssue(issue: NewIssue, signal: AbortSignal): Promise<IssueRef> {
    return this.#login.watch(() => createIssue(this.#connection.client, issue, signal));
  }

  async updateIssue(id: string, changes: IssueChanges, signal: AbortSignal): Promise<void> {
    const { project } = this.#connection.settings;
    await this.#login.watch(() => updateIssue(this.#connection.client, { id, changes, project }, signal));
  }

  async assignIssue(id: string, accountId: string | null, signal: AbortSignal): Promise<void> {
    const { project } = this.#connection.settings;
    const job = { id, who: accountId, project };
    await this.#login.watch(() => assignIssue(this.#connection.client, job, signal));
  }

  // ---- looking around ------------------------------------------------------------------------------

  async findUsers(query: string, signal: AbortSignal): Promise<TrackerUser[]> {
    const { project } = this.#connection.settings;
    return this.#login.watch(() => findUsers(this.#connection.client, { query, project }, signal));
  }

  async searchIssues(
    query: string,
    options: { readonly limit: number; readonly cursor?: string | undefined; readonly anyProject?: boolean },
    signal: AbortSignal,
  ): Promise<SearchPage> {
    const { client, settings } = this.#connection;
    const jql = boundedQuery(query, options.anyProject === true ? null : settings.project);
    const size = Math.min(Math.max(1, Math.trunc(options.limit)), searchLimit);
    const search = { jql, fields: issueFields, schema: issuePage };
    return this.#login.watch(async () => {
      const page = await searchPage(client, search, options.cursor, size, signal);
      const kept = options.anyProject === true ? page.issues : await this.#own.ours(page.issues, signal);
      return { issues: this.#normal(kept), nextCursor: nextToken(page) ?? null };
    });
  }

  async countIssuesByStates(states: readonly string[], signal: AbortSignal): Promise<number> {
    const jql = countJql(this.#scope(states));
    if (jql === null) return 0;
    return this.#proven(signal, () => countIssues(this.#connection.client, jql, signal));
  }

  /** `comments` is null: they would be a second request, and who asks by key wants to know of the issue. */
  async fetchIssueByIdentifier(identifier: string, signal: AbortSignal): Promise<Issue> {
    const { client } = this.#connection;
    return normaliseIssue(
      await this.#login.watch(() => readIssueByKey(client, identifier, signal)),
      this.#view,
    );
  }

  async isCandidate(issue: IssueRef, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const { client, settings } = this.#connection;
    const jql = candidateTestJql(this.#scope(settings.activeStates), issue);
    if (jql === null) return false;
    return this.#proven(signal, async () => {
      const found = await findAmongCandidates(client, { jql, issue }, signal);
      return (await this.#own.inStates(found, settings.activeStates, signal)).length > 0;
    });
  }

  async discoverSchema(signal: AbortSignal): Promise<TrackerSchema> {
    const { client, settings } = this.#connection;
    return this.#login.watch(() => readSchema(client, settings.project, signal));
  }

  diagnose(request: DoctorRequest, signal: AbortSignal): AsyncIterable<DoctorFinding> {
    return diagnose(this.#connection, request, signal);
  }

  throttles(): readonly Throttle[] {
    return this.#connection.client.throttles();
  }

  webhookEnabled(): boolean {
    return this.#webhook.enabled;
  }

  takeWebhook(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array): WebhookAnswer {
    return this.#webhook.take(headers, body);
  }

  // ---- inside --------------------------------------------------------------------------------------

  #scope(states: readonly string[]): JqlScope {
    const { project, queryFilter } = this.#connection.settings;
    return { project, states, filter: queryFilter };
  }

  /** Bad credentials make Jira answer with an empty list: before one is believed, we are known to be logged in. */
  async #proven<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
    await this.#login.ensure(signal);
    return this.#login.watch(job);
  }

  async #searched(jql: string | null, states: readonly string[], signal: AbortSignal): Promise<Issue[]> {
    if (jql === null) return [];
    const search = { jql, fields: issueFields, schema: issuePage };
    const issues = await searchAll(this.#connection.client, search, signal);
    return this.#normal(await this.#own.inStates(issues, states, signal));
  }

  #normal(issues: readonly IssueWire[]): Issue[] {
    return issues.map((issue) => normaliseIssue(issue, this.#view));
  }

  async #commentsOf(id: string, signal: AbortSignal): Promise<Comment[]> {
    const comments = await readComments(this.#connection.client, id, signal);
    return comments.map((comment) => normaliseComment(comment, this.#view.bodyText));
  }
}

/** Per page; Jira gives fewer when it likes. */
const searchLimit = 100;
