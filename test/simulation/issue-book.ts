// What the tracker really holds, and the search index that runs behind it. Counts separately what others have
// changed of an issue and what we have, because only the former may end a park.

import type { Comment, Issue } from '../../src/contract/index.ts';
import type { Dice } from './dice.ts';
import type { Mover } from './observation.ts';
import type { VirtualTime } from './virtual-time.ts';

export type Author = 'others' | 'us';

export interface IssueBook {
  readonly ids: () => readonly string[];
  /** As a by-id read gives it, with comments; null = no such issue. */
  read(id: string): Issue | null;
  /** As the search index has it, without comments. */
  readIndex(): Issue[];
  indexedState(id: string): string | null;
  idOf(identifier: string): string | null;
  create(facts: Partial<Issue>): string;
  /** `mover`: the agent's write that it is. */
  change(id: string, by: Author, facts: Partial<Issue>, mover?: Mover): void;
  comment(id: string, by: Author, body: string): string;
  remove(id: string): void;
  /** How often others have changed the issue. */
  changesByOthers(id: string): number;
  /** The agent's write that last changed its state; null = somebody else, or nobody has. */
  movedBy(id: string): Mover | null;
}

interface Record {
  issue: Issue;
  version: number;
  /** What the search index knows, and of which version: it runs behind, but never back. */
  indexed: Issue | null;
  indexedVersion: number;
  changesByOthers: number;
  movedBy: Mover | null;
}

export function createIssueBook(parts: {
  dice: Dice;
  time: VirtualTime;
  lagMs: () => number;
  wallMs: () => number;
}): IssueBook {
  const { dice, time } = parts;
  const records = new Map<string, Record>();
  const byIdentifier = new Map<string, string>();
  const removedChanges = new Map<string, number>();
  let numbers = 0;
  let stamps = 0;

  function stamp(): string {
    stamps += 1;
    return `${new Date(parts.wallMs()).toISOString()}/${stamps}`;
  }

  function store(record: Record, issue: Issue, by: Author): void {
    record.issue = issue;
    if (by === 'others') record.changesByOthers += 1;
    record.version += 1;
    const { version } = record;
    const index = (): void => {
      if (version < record.indexedVersion) return;
      record.indexed = issue;
      record.indexedVersion = version;
    };
    const lagMs = dice.int(0, parts.lagMs());
    if (lagMs === 0) index();
    else time.after(lagMs, index);
  }

  function shown(issue: Issue, comments: readonly Comment[] | null): Issue {
    const blockedBy = issue.blockedBy.map((blocker) => ({
      ...blocker,
      state: records.get(blocker.id)?.issue.state ?? '',
    }));
    return { ...issue, blockedBy, comments };
  }

  return {
    ids: () => [...records.keys()],
    read(id) {
      const issue = records.get(id)?.issue;
      return issue === undefined ? null : shown(issue, issue.comments ?? []);
    },
    readIndex: () =>
      [...records.values()].flatMap(({ indexed }) => (indexed === null ? [] : [shown(indexed, null)])),
    indexedState: (id) => records.get(id)?.indexed?.state ?? null,
    idOf: (identifier) => byIdentifier.get(identifier) ?? null,
    create(facts) {
      numbers += 1;
      const id = `id-${numbers}`;
      const identifier = `SIM-${numbers}`;
      const issue: Issue = {
        id,
        identifier,
        title: `Issue ${numbers}`,
        description: '',
        priority: null,
        state: 'Todo',
        branchName: '',
        url: '',
        assignee: '',
        issueType: '',
        labels: [],
        parent: null,
        comments: [],
        blockedBy: [],
        createdAt: new Date(parts.wallMs()).toISOString(),
        updatedAt: stamp(),
        ...facts,
      };
      const record: Record = {
        issue,
        version: 0,
        indexed: null,
        indexedVersion: 0,
        changesByOthers: 0,
        movedBy: null,
      };
      records.set(id, record);
      byIdentifier.set(identifier, id);
      store(record, issue, 'others');
      return id;
    },
    change(id, by, facts, mover) {
      const record = records.get(id);
      if (record !== undefined && facts.state !== undefined) record.movedBy = mover ?? null;
      if (record !== undefined) store(record, { ...record.issue, updatedAt: stamp(), ...facts }, by);
    },
    comment(id, by, body) {
      const record = records.get(id);
      const updatedAt = stamp();
      const comment: Comment = { id: `comment-${stamps}`, author: by, body, createdAt: updatedAt };
      if (record !== undefined) {
        const comments = [...(record.issue.comments ?? []), comment];
        store(record, { ...record.issue, comments, updatedAt }, by);
      }
      return comment.id;
    },
    remove(id) {
      const record = records.get(id);
      if (record === undefined) return;
      records.delete(id);
      byIdentifier.delete(record.issue.identifier);
      removedChanges.set(id, record.changesByOthers + 1);
    },
    movedBy: (id) => records.get(id)?.movedBy ?? null,
    changesByOthers: (id) => records.get(id)?.changesByOthers ?? removedChanges.get(id) ?? 0,
  };
}
