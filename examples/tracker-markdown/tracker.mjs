// A tracker of your own in one file: each issue is a Markdown file `<identifier>.md` in a folder, with a few
// `key: value` lines between two `---` lines and the description below. Comments are lines of JSON in
// `<identifier>.comments.jsonl`. Copy it, and replace what reads and writes by calls to your tracker.
// docs/adapters/writing-a-tracker.md explains each member; `sortie/conformance` tells whether you kept the rules.
import { randomUUID } from 'node:crypto';
import { appendFile, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** @type {import('sortie/contract').TrackerRegistration} */
export const tracker = {
  kind: 'markdown',
  requiresProject: false,
  requiresApiKey: false,
  defaultActiveStates: ['To Do', 'In Progress'],
  defaultTerminalStates: ['Done'],
  settingsSchema: z.object({ folder: z.string().min(1) }),
  pathSettings: ['folder'],
  secretSettings: [],
  identity: folderOf,
  create: (context) => new MarkdownTracker(folderOf(context), context.activeStates),
};

function folderOf(context) {
  return resolve(context.workflowDirectory, context.settings.folder);
}

class MarkdownTracker {
  #folder;
  #activeStates;
  /** Writes take turns, so that reading and writing back are one step. */
  #lastWrite = Promise.resolve();

  constructor(folder, activeStates) {
    this.#folder = folder;
    this.#activeStates = activeStates;
  }

  async fetchCandidateIssues(signal) {
    return this.fetchIssuesByStates(this.#activeStates, signal);
  }

  async fetchIssueById(id, signal) {
    const issue = await this.#find('fetch_issue', id, signal);
    return { ...issue, comments: await this.#commentsOf(issue, signal) };
  }

  async fetchIssuesByStates(states, signal) {
    if (states.length === 0) return [];
    const wanted = states.map((state) => state.toLowerCase());
    const issues = await this.#readAll('fetch_by_states', signal);
    return issues.filter(({ state }) => wanted.includes(state.toLowerCase()));
  }

  async fetchIssueStatesByIds(ids, signal) {
    return this.#states('fetch_states_by_ids', 'id', ids, signal);
  }

  async fetchIssueStatesByIdentifiers(identifiers, signal) {
    return this.#states('fetch_states_by_identifiers', 'identifier', identifiers, signal);
  }

  async fetchIssueComments(id, signal) {
    return this.#commentsOf(await this.#find('fetch_comments', id, signal), signal);
  }

  async transitionIssue(id, state, { from }, signal) {
    await this.#inTurn(async () => {
      const issue = await this.#find('transition', id, signal);
      if (from && !from.some((one) => one.toLowerCase() === issue.state.toLowerCase())) {
        const detail = `issue ${id} is in "${issue.state}", not in one of ${from.join(', ')}; not moved`;
        throw trackerError('tracker_payload_error', 'transition', this.#folder, detail);
      }
      const path = join(this.#folder, `${issue.identifier}.md`);
      const text = await readFile(path, 'utf8');
      signal.throwIfAborted();
      const temporary = join(this.#folder, `.${randomUUID()}.tmp`);
      try {
        await writeFile(
          temporary,
          text.replace(/^state:.*$/m, () => `state: ${state}`),
        );
        await rename(temporary, path);
      } catch (error) {
        await unlink(temporary).catch(() => undefined);
        throw trackerError('tracker_transport_error', 'transition', path, error.message);
      }
    });
  }

  /** Optional: having this method is the capability. */
  async addComment(id, body, signal) {
    return this.#inTurn(async () => {
      const { identifier } = await this.#find('comment', id, signal);
      const comment = { id: randomUUID(), author: 'sortie', body, createdAt: new Date().toISOString() };
      signal.throwIfAborted();
      await appendFile(join(this.#folder, `${identifier}.comments.jsonl`), `${JSON.stringify(comment)}\n`);
      return comment.id;
    });
  }

  async #states(method, key, wanted, signal) {
    if (wanted.length === 0) return new Map();
    const issues = await this.#readAll(method, signal);
    const found = issues.filter((issue) => wanted.includes(issue[key]));
    return new Map(found.map((issue) => [issue[key], issue.state]));
  }

  async #find(method, id, signal) {
    const issue = (await this.#readAll(method, signal)).find((one) => one.id === id);
    if (issue) return issue;
    throw trackerError(
      'tracker_not_found',
      method,
      this.#folder,
      `no issue has the id ${JSON.stringify(id)}`,
    );
  }

  /** Reads anew each time: answers are never older than the call, and are the caller's own. */
  async #readAll(method, signal) {
    signal.throwIfAborted();
    try {
      const names = (await readdir(this.#folder)).filter((name) => /^[^.].*\.md$/.test(name));
      return await Promise.all(
        names.map(async (name) =>
          issueOf(name.slice(0, -3), await readFile(join(this.#folder, name), 'utf8')),
        ),
      );
    } catch (error) {
      throw trackerError('tracker_payload_error', method, this.#folder, error.message);
    } finally {
      signal.throwIfAborted();
    }
  }

  async #commentsOf({ identifier }, signal) {
    const path = join(this.#folder, `${identifier}.comments.jsonl`);
    const text = await readFile(path, { encoding: 'utf8', signal }).catch((error) => {
      if (error.code === 'ENOENT') return '';
      signal.throwIfAborted();
      throw trackerError('tracker_payload_error', 'fetch_comments', path, error.message);
    });
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  async #inTurn(job) {
    const result = this.#lastWrite.then(job);
    this.#lastWrite = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}

function issueOf(identifier, text) {
  const [, header = '', description = ''] =
    /^---\n([^]*?)\n---\n?([^]*)$/.exec(text.replace(/\r\n/g, '\n')) ?? [];
  const fields = new Map(header.split('\n').map((line) => line.split(/:\s*(.*)/, 2)));
  const list = (key) =>
    (fields.get(key) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  for (const key of ['id', 'title', 'state']) {
    if (!fields.get(key)) throw new Error(`${identifier}.md has no "${key}:" line between its --- lines`);
  }
  return {
    id: fields.get('id'),
    identifier,
    title: fields.get('title'),
    description: description.trim(),
    priority: /^-?\d+$/.test(fields.get('priority') ?? '') ? Number(fields.get('priority')) : null,
    state: fields.get('state'),
    branchName: fields.get('branch_name') ?? '',
    url: fields.get('url') ?? '',
    assignee: fields.get('assignee') ?? '',
    issueType: fields.get('issue_type') ?? '',
    labels: list('labels').map((label) => label.toLowerCase()),
    parent: null,
    comments: null,
    // `blocked_by: 10004 DEMO-4 Done, …`
    blockedBy: list('blocked_by').map((entry) => {
      const [id, name = '', ...state] = entry.split(' ');
      return { id, identifier: name, state: state.join(' ') };
    }),
    createdAt: fields.get('created_at') ?? '',
    updatedAt: fields.get('updated_at') ?? '',
  };
}

/** Sortie looks at the name and the kind, so that an adapter needs no copy of its TrackerError. */
function trackerError(kind, method, path, detail) {
  const error = new Error(`tracker: ${kind}: ${method} ${path}: ${detail.replace(/\s+/g, ' ')}`);
  return Object.assign(error, { name: 'TrackerError', kind });
}
