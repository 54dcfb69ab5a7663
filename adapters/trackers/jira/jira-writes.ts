// What a tracker of Jira writes, and finding its own writes again. A write with a key carries it into Jira (write-key.ts);
// whether one that is not found may be called missing is for settling.ts to say. Nothing here sends a write twice.
import type { IssueRef } from '../../../src/contract/issue.ts';
import type {
  IssueChanges,
  NewIssue,
  NewLink,
  NewWorklog,
} from '../../../src/contract/tracker-capabilities.ts';
import type { TransitionOptions } from '../../../src/contract/tracker.ts';
import type { JiraConnection } from './connection.ts';
import { LoginProof } from './login-proof.ts';
import { RecentWrites } from './recent-writes.ts';
import { OwnComments } from './resources/comments.ts';
import { assignIssue, createIssue, updateIssue } from './resources/issue-writes.ts';
import { addKeyedComment, findKeyedComment } from './resources/keyed-comments.ts';
import { findKeyedIssue } from './resources/keyed-issues.ts';
import { addLabels, removeLabels } from './resources/labels.ts';
import { linkIssues } from './resources/links.ts';
import { searchPath } from './resources/search.ts';
import { moveIssue } from './resources/transitions.ts';
import { addWatcher } from './resources/watchers.ts';
import { addWorklog, findWorklog } from './resources/worklogs.ts';
import { Settling } from './settling.ts';

export abstract class JiraWrites {
  protected readonly connection: JiraConnection;
  protected readonly login: LoginProof;
  protected readonly recent = new RecentWrites();
  readonly #comments: OwnComments;
  readonly #settling: Settling;

  protected constructor(connection: JiraConnection) {
    const { client, clock, settings } = connection;
    this.connection = connection;
    this.login = new LoginProof(client);
    this.#comments = new OwnComments({ client, ourselves: (signal) => this.login.accountId(signal) });
    this.#settling = new Settling(clock, settings.settleMs);
  }

  // ---- issues --------------------------------------------------------------------------------------

  async transitionIssue(
    id: string,
    state: string,
    { from, transition = '' }: TransitionOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const written = (): void => this.recent.note(id);
    const move = { id, state, from, transition: transition.trim(), written };
    await this.login.watch(() => moveIssue(this.connection.client, move, signal));
  }

  async createKeyedIssue(issue: NewIssue, key: string, signal: AbortSignal): Promise<IssueRef> {
    const create = (): Promise<IssueRef> => createIssue(this.connection.client, { issue, key }, signal);
    return this.login.watch(() => this.#sent(key, create));
  }

  /** Throws `tracker_api_error` while it is not there and may still come (`jira.settle_ms` after `sentAtMs`). */
  async findKeyedIssue(
    { project }: NewIssue,
    key: string,
    sentAtMs: number,
    signal: AbortSignal,
  ): Promise<IssueRef | null> {
    const { client, clock } = this.connection;
    return this.proven(signal, async () => {
      const ourselves = await this.login.accountId(signal);
      const wanted = { project, key, ourselves, ageMs: clock.wallMs() - sentAtMs };
      const found = await findKeyedIssue(client, wanted, signal);
      if (found === null) this.#settling.checkBySearch(key, sentAtMs, searchPath);
      return found;
    });
  }

  async updateIssue(id: string, changes: IssueChanges, signal: AbortSignal): Promise<void> {
    const { client, settings } = this.connection;
    const change = { id, changes, project: settings.project };
    await this.login.watch(() => updateIssue(client, change, signal));
  }

  async assignIssue(id: string, accountId: string | null, signal: AbortSignal): Promise<void> {
    const { client, settings } = this.connection;
    const job = { id, who: accountId, project: settings.project };
    await this.login.watch(() => assignIssue(client, job, signal));
  }

  async addLabels(id: string, labels: readonly string[], signal: AbortSignal): Promise<void> {
    await this.login.watch(() => addLabels(this.connection.client, { id, labels }, signal));
  }

  async removeLabels(id: string, labels: readonly string[], signal: AbortSignal): Promise<void> {
    await this.login.watch(() => removeLabels(this.connection.client, { id, labels }, signal));
  }

  async linkIssues(link: NewLink, signal: AbortSignal): Promise<{ wasThere: boolean }> {
    return this.login.watch(() => linkIssues(this.connection.client, link, signal));
  }

  async addWatcher(id: string, accountId: string, signal: AbortSignal): Promise<void> {
    await this.login.watch(() => addWatcher(this.connection.client, { id, accountId }, signal));
  }

  // ---- comments and worklogs -----------------------------------------------------------------------

  async addComment(id: string, body: string, signal: AbortSignal): Promise<string> {
    return this.login.watch(() => this.#comments.add(id, body, signal));
  }

  async editComment(id: string, commentId: string, body: string, signal: AbortSignal): Promise<void> {
    await this.login.watch(() => this.#comments.edit(id, commentId, body, signal));
  }

  async findOwnComment(id: string, marker: string, signal: AbortSignal): Promise<string | null> {
    return this.login.watch(() => this.#comments.find(id, marker, signal));
  }

  async addKeyedComment(id: string, body: string, key: string, signal: AbortSignal): Promise<string> {
    const { client } = this.connection;
    const added = await this.login.watch(() =>
      this.#sent(key, () => addKeyedComment(client, { id, body, key }, signal)),
    );
    this.#comments.know(added);
    return added;
  }

  /** Throws `tracker_api_error` while it is not there and Jira may still be at work on it. */
  async findKeyedComment(id: string, key: string, signal: AbortSignal): Promise<string | null> {
    const { client } = this.connection;
    return this.proven(signal, async () => {
      const ourselves = await this.login.accountId(signal);
      const found = await findKeyedComment(client, { id, key, ourselves }, signal);
      if (found === null) this.#settling.checkById(key, `issue ${id}`);
      else this.#comments.know(found);
      return found;
    });
  }

  async addWorklog(id: string, worklog: NewWorklog, key: string, signal: AbortSignal): Promise<string> {
    const add = (): Promise<string> => addWorklog(this.connection.client, { id, worklog, key }, signal);
    return this.login.watch(() => this.#sent(key, add));
  }

  /** Throws as `findKeyedComment` does. */
  async findWorklog(
    id: string,
    worklog: NewWorklog,
    key: string,
    signal: AbortSignal,
  ): Promise<string | null> {
    return this.proven(signal, async () => {
      const found = await findWorklog(this.connection.client, { id, worklog, key }, signal);
      if (found === null) this.#settling.checkById(key, `issue ${id}`);
      return found;
    });
  }

  // ---- inside --------------------------------------------------------------------------------------

  /** Bad credentials make Jira answer with an empty list: before one is believed, we are known to be logged in. */
  protected async proven<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
    await this.login.ensure(signal);
    return this.login.watch(job);
  }

  /** Both ends count: Jira may have been at work on it from the first to a while after the last. */
  async #sent<T>(key: string, write: () => Promise<T>): Promise<T> {
    this.#settling.noteSent(key);
    try {
      return await write();
    } catch (error) {
      this.#settling.noteSent(key);
      throw error;
    }
  }
}
