// The tracker that is a JSON file. Every call reads the file anew, so that an edit counts from the next call on; only
// the parsing is saved when the bytes are the same as last time. Reads never wait for each other. Writes take turns,
// decide on what they have just read, and start over when somebody else was faster.
import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Comment, Issue, IssueRef } from '../../../src/contract/issue.ts';
import { TrackerError } from '../../../src/contract/tracker.ts';
import type {
  CandidateTestCapability,
  CommentCapability,
  CountCapability,
  FindIssueCapability,
  KeyedCommentCapability,
  SearchCapability,
  SearchOptions,
  SearchPage,
} from '../../../src/contract/tracker-capabilities.ts';
import type { TrackerAdapter, TransitionOptions } from '../../../src/contract/tracker.ts';
import { copyIssue, readDocument, recordSpan, type IssueDocument } from './document.ts';
import { withComment, withState } from './edit-text.ts';
import { FileProblem, quoted, readProblem } from './file-problem.ts';
import { entryNamed, entryOf, inStates, sameState, statesOf } from './lookups.ts';
import { removeAbandoned, replaceFile, systemCalls, type ReplaceCalls } from './replace-file.ts';
import { search } from './search.ts';
import { readSnapshot } from './source-file.ts';
import { inTurn, writesUnderWay } from './write-turns.ts';

export interface FileTrackerOptions {
  /** Absolute. */
  readonly path: string;
  readonly activeStates: readonly string[];
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly now?: () => Date;
  readonly calls?: ReplaceCalls;
}

/** What a write makes of the text; null = it is so already. */
type Edit = (document: IssueDocument) => string | null;

/** Of an editor that writes in place, which takes milliseconds. */
const writeAttempts = 40;
const writeRetryMs = 25;
/** Longer than that it is not half-written but broken, and a person must be told. */
const unreadableAttempts = 10;

/** A list exported in a wrong shape breaks every record: so many are named, the rest are counted. */
const warningLimit = 100;

type Capabilities = CandidateTestCapability &
  CommentCapability &
  CountCapability &
  FindIssueCapability &
  KeyedCommentCapability &
  SearchCapability;

export class FileTracker implements TrackerAdapter, Capabilities {
  readonly #path: string;
  readonly #activeStates: readonly string[];
  readonly #warn: FileTrackerOptions['warn'];
  readonly #now: () => Date;
  readonly #calls: ReplaceCalls;
  /** What was last read or written, and whether its broken records have been told. */
  #last: { readonly bytes: Buffer; readonly document: IssueDocument } | null = null;
  #readsStarted = 0;
  #lastRead = 0;
  #cleaned = false;

  constructor(options: FileTrackerOptions) {
    this.#path = options.path;
    this.#activeStates = options.activeStates;
    this.#warn = options.warn;
    this.#now = options.now ?? (() => new Date());
    this.#calls = options.calls ?? systemCalls;
  }

  async fetchCandidateIssues(signal: AbortSignal): Promise<Issue[]> {
    return this.#answer('fetch_candidates', signal, (document) => inStates(document, this.#activeStates));
  }

  async fetchIssueById(id: string, signal: AbortSignal): Promise<Issue> {
    return this.#answer('fetch_issue', signal, (document) =>
      copyIssue(document, entryOf(document, id), true),
    );
  }

  async fetchIssuesByStates(states: readonly string[], signal: AbortSignal): Promise<Issue[]> {
    if (states.length === 0) return [];
    return this.#answer('fetch_by_states', signal, (document) => inStates(document, states));
  }

  async fetchIssueStatesByIds(ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    return this.#answer('fetch_states_by_ids', signal, ({ byId }) => statesOf(byId, ids));
  }

  async fetchIssueStatesByIdentifiers(
    identifiers: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, string>> {
    if (identifiers.length === 0) return new Map();
    return this.#answer('fetch_states_by_identifiers', signal, ({ byIdentifier }) =>
      statesOf(byIdentifier, identifiers),
    );
  }

  async fetchIssueComments(id: string, signal: AbortSignal): Promise<Comment[]> {
    return this.#answer('fetch_comments', signal, (document) =>
      entryOf(document, id).issue.comments.map((comment) => ({ ...comment })),
    );
  }

  async fetchIssueByIdentifier(identifier: string, signal: AbortSignal): Promise<Issue> {
    return this.#answer('find_issue', signal, (document) =>
      copyIssue(document, entryNamed(document, identifier), true),
    );
  }

  /** Words, "phrases", `state:x`, `label:x` (search.ts); `projects` by what stands before an identifier's last dash. */
  async searchIssues(query: string, options: SearchOptions, signal: AbortSignal): Promise<SearchPage> {
    return this.#answer('search', signal, (document) => {
      const { entries, nextCursor } = search(document, query, options);
      return { issues: entries.map((entry) => copyIssue(document, entry, false)), nextCursor };
    });
  }

  async isCandidate({ id }: IssueRef, signal: AbortSignal): Promise<boolean> {
    return this.#answer('test_candidate', signal, ({ byId }) => {
      const entry = byId.get(id);
      return entry !== undefined && sameState(this.#activeStates, entry.issue.state);
    });
  }

  async countIssuesByStates(states: readonly string[], signal: AbortSignal): Promise<number> {
    if (states.length === 0) return 0;
    return this.#answer('count', signal, ({ byId }) => {
      const wanted = new Set(states.map((state) => state.toLowerCase()));
      return [...byId.values()].filter(({ issue }) => wanted.has(issue.state.toLowerCase())).length;
    });
  }

  async transitionIssue(
    id: string,
    state: string,
    { from }: TransitionOptions,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#write('transition', signal, (document) => {
      const { index, issue } = entryOf(document, id);
      if (state.trim() === '') {
        throw new FileProblem('tracker_payload_error', `issue ${quoted(id)}: no state to move to was given`);
      }
      if (from && !sameState(from, issue.state)) {
        const allowed = from.map(quoted).join(', ');
        const detail = `issue ${quoted(id)} is in ${quoted(issue.state)}, not in one of: ${allowed}; not moved`;
        throw new FileProblem('tracker_payload_error', detail);
      }
      if (sameState([state], issue.state)) return null;
      return withState(document.text, recordSpan(document, index), state, this.#now().toISOString());
    });
  }

  async addComment(id: string, body: string, signal: AbortSignal): Promise<string> {
    return this.addKeyedComment(id, body, randomUUID(), signal);
  }

  /** The key is the comment's id, so adding it again adds nothing. */
  async addKeyedComment(id: string, body: string, key: string, signal: AbortSignal): Promise<string> {
    await this.#write('comment', signal, (document) => {
      const { index, issue } = entryOf(document, id);
      if (key.trim() === '') throw new FileProblem('tracker_payload_error', 'the key of a comment is empty');
      if (issue.comments.some((comment) => comment.id === key)) return null;
      const at = this.#now().toISOString();
      const comment = { id: key, author: 'sortie', body, created_at: at };
      return withComment(document.text, recordSpan(document, index), comment, at);
    });
    return key;
  }

  async findKeyedComment(id: string, key: string, signal: AbortSignal): Promise<string | null> {
    const comments = await this.fetchIssueComments(id, signal);
    return comments.some((comment) => comment.id === key) ? key : null;
  }

  async #answer<T>(method: string, signal: AbortSignal, take: (document: IssueDocument) => T): Promise<T> {
    return this.#named(method, signal, async () => {
      try {
        return take(await this.#read(signal));
      } catch (error) {
        // A write of our own in place (a bind-mounted file) may have been half done.
        const writes = error instanceof FileProblem ? writesUnderWay(await realPath(this.#path)) : null;
        if (!writes) throw error;
        await writes;
        return take(await this.#read(signal));
      }
    });
  }

  async #read(signal: AbortSignal): Promise<IssueDocument> {
    this.#readsStarted += 1;
    const order = this.#readsStarted;
    const { bytes } = await readSnapshot(this.#path, signal);
    if (this.#last?.bytes.equals(bytes)) return this.#last.document;
    const document = readDocument(bytes);
    // An answer that was overtaken by a later one is still true, but old: it is neither kept nor warned about.
    if (order > this.#lastRead) {
      this.#lastRead = order;
      this.#last = { bytes, document };
      this.#tellLeftOut(document);
    }
    return document;
  }

  async #write(method: string, signal: AbortSignal, edit: Edit): Promise<void> {
    await this.#named(method, signal, async () => {
      const turn = await realPath(this.#path);
      await inTurn(turn, async () => {
        for (let attempt = 1; attempt <= writeAttempts; attempt += 1) {
          const outcome = await this.#tryWrite(signal, edit, attempt <= unreadableAttempts);
          if (outcome === 'done') return;
          if (outcome === 'unreadable' || attempt > 5) await sleep(writeRetryMs, undefined, { signal });
        }
        const detail = `somebody else changed it ${writeAttempts} times while it was to be written; try again later`;
        throw new FileProblem('tracker_transport_error', detail);
      });
    });
  }

  /** `unreadable`: half-written by somebody, it seems; told apart from broken by trying again for a while. */
  async #tryWrite(
    signal: AbortSignal,
    edit: Edit,
    patient: boolean,
  ): Promise<'done' | 'changed' | 'unreadable'> {
    const path = await realPath(this.#path);
    if (!this.#cleaned) await removeAbandoned(path);
    this.#cleaned = true;
    const seen = await readSnapshot(path, signal);
    let document: IssueDocument;
    try {
      document = this.#last?.bytes.equals(seen.bytes) ? this.#last.document : readDocument(seen.bytes);
    } catch (error) {
      if (patient && error instanceof FileProblem) return 'unreadable';
      throw error;
    }
    const text = edit(document);
    if (text === null) return 'done';
    const content = Buffer.from(text, 'utf8');
    const after = readDocument(content);
    if ((await replaceFile({ path, seen, content, signal, calls: this.#calls })) === 'changed')
      return 'changed';
    // Our own edit is no news: what was told about the content before it need not be told again.
    if (this.#last?.bytes.equals(seen.bytes)) {
      this.#last = { bytes: content, document: after };
      this.#lastRead = this.#readsStarted;
    }
    return 'done';
  }

  #tellLeftOut({ leftOut }: IssueDocument): void {
    for (const { index, field, problem } of leftOut.slice(0, warningLimit)) {
      this.#warn('issue record left out', { path: this.#path, index, field, problem });
    }
    const more = leftOut.length - warningLimit;
    if (more > 0) this.#warn('more issue records left out', { path: this.#path, count: more });
  }

  /** Gives what went wrong its method and path; an abort stays what it is. */
  async #named<T>(method: string, signal: AbortSignal, job: () => Promise<T>): Promise<T> {
    try {
      signal.throwIfAborted();
      return await job();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FileProblem)) throw error;
      const { kind, applied, message: detail } = error;
      throw new TrackerError({ kind, method, path: this.#path, detail, applied, cause: error.cause });
    }
  }
}

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw readProblem(error);
  }
}
