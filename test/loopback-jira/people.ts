// What people do in the browser while a client works: they move, edit, comment, delete, and move issues to
// other projects. Each is one change at one instant, as the API's own writes are, and asks no permission.
import { adf } from './adf/write.ts';
import type { Caller } from './accounts.ts';
import { account } from './accounts.ts';
import type { Adf, CommentRecord, IssueRecord } from './model.ts';
import { addBlocker, annId, statusNamed } from './site-builder.ts';
import type { JiraState } from './state.ts';
import { addComment, removeComment, replaceComment, setStatus } from './writes.ts';

export class People {
  readonly #state: JiraState;

  constructor(state: JiraState) {
    this.#state = state;
  }

  /** To a status, by name, whatever the workflow says. */
  move(idOrKey: string, status: string): IssueRecord {
    const issue = this.#issue(idOrKey);
    const workflow = this.#state.workflowOf(issue);
    const inWorkflow = workflow.statusIds
      .map((id) => this.#state.need(this.#state.statuses, id))
      .find(({ name }) => name === status);
    setStatus({ state: this.#state }, issue, (inWorkflow ?? statusNamed(this.#state, status)).id);
    return this.#state.issue(issue.id);
  }

  edit(idOrKey: string, changes: Partial<Omit<IssueRecord, 'id' | 'key'>>): IssueRecord {
    return this.#state.editIssue(this.#issue(idOrKey).id, changes);
  }

  label(idOrKey: string, label: string): IssueRecord {
    const { id, labels } = this.#issue(idOrKey);
    return this.#state.editIssue(id, { labels: [...new Set([...labels, label])] });
  }

  unlabel(idOrKey: string, label: string): IssueRecord {
    const { id, labels } = this.#issue(idOrKey);
    return this.#state.editIssue(id, { labels: labels.filter((one) => one !== label) });
  }

  comment(idOrKey: string, body: string | Adf, authorId = annId): CommentRecord {
    const document = typeof body === 'string' ? adf(body) : body;
    return addComment({ state: this.#state }, as(authorId), this.#issue(idOrKey), document);
  }

  editComment(id: string, body: string | Adf, authorId = annId): void {
    const document = typeof body === 'string' ? adf(body) : body;
    const next = {
      ...this.#comment(id),
      body: document,
      updateAuthorId: authorId,
      updatedMs: this.#state.now(),
    };
    replaceComment({ state: this.#state }, next);
  }

  deleteComment(id: string): void {
    removeComment({ state: this.#state }, this.#comment(id));
  }

  block(blocker: string, blocked: string): void {
    const [first, second] = [this.#issue(blocker), this.#issue(blocked)];
    addBlocker(this.#state, first, second);
    for (const { id } of [first, second]) this.#state.editIssue(id, {});
  }

  delete(idOrKey: string): void {
    this.#state.removeIssue(this.#issue(idOrKey).id);
  }

  /** To another project: a new key, the same id; the old key leads to the new one from now on. */
  relocate(idOrKey: string, projectKey: string): IssueRecord {
    const issue = this.#issue(idOrKey);
    const project = this.#state.findProject(projectKey);
    if (!project) throw new Error(`loopback Jira: no project ${projectKey}: add it with addProject`);
    const { statusIds } = this.#state.need(this.#state.workflows, project.workflowId);
    const statusId = statusIds.includes(issue.statusId) ? issue.statusId : (statusIds[0] ?? issue.statusId);
    const key = this.#state.nextKey(project);
    return this.#state.editIssue(issue.id, { projectId: project.id, key, statusId });
  }

  #issue(idOrKey: string): IssueRecord {
    const issue = this.#state.findIssue(idOrKey);
    if (!issue) throw new Error(`loopback Jira: no issue ${idOrKey}: name one of state.issues`);
    return issue;
  }

  #comment(id: string): CommentRecord {
    const comment = this.#state.findComment(id);
    if (!comment) throw new Error(`loopback Jira: no comment ${id}: name one of state.comments`);
    return comment;
  }
}

function as(accountId: string): Caller {
  return { account: account({ accountId }), loginReason: null };
}
