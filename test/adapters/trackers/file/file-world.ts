// The file tracker as a world of the conformance suite: people edit the file by renaming a new one over it.
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tracker } from '../../../../adapters/trackers/file/index.ts';
import type { TrackerAdapter } from '../../../../src/contract/tracker.ts';
import type { TrackerWorld, WorldIssue } from '../../../conformance/index.ts';
import { contextFor } from '../world-over-files.ts';

type FileRecord = Record<string, unknown> & { id: string; state: string };

/** `wrap` lets a test put a broken adapter in the place of ours. */
export function fileWorld(
  wrap: (adapter: TrackerAdapter) => TrackerAdapter = (adapter) => adapter,
): TrackerWorld {
  return {
    async open(setup) {
      const folder = await mkdtemp(join(tmpdir(), 'sortie-file-world-'));
      const path = join(folder, 'issues.json');
      const away = join(folder, 'away.json');
      const save = async (records: unknown): Promise<void> => {
        await writeFile(join(folder, 'edited'), JSON.stringify(records, null, 2));
        await rename(join(folder, 'edited'), path);
      };
      const read = async (): Promise<FileRecord[]> =>
        JSON.parse(await readFile(path, 'utf8')) as FileRecord[];
      await save(setup.issues.map(recordOf));
      return {
        registration: tracker,
        adapter: wrap(tracker.create(contextFor(tracker, folder, { path: 'issues.json' }, setup))),
        async setState(id, state) {
          await save((await read()).map((record) => (record.id === id ? { ...record, state } : record)));
        },
        async removeIssue(id) {
          await save((await read()).filter((record) => record.id !== id));
        },
        async stateOf(id) {
          return (await read()).find((record) => record.id === id)?.state ?? '';
        },
        fail: () => rename(path, away),
        heal: () => rename(away, path),
        unreachableStateOf: () => '',
        close: () => rm(folder, { recursive: true, force: true }),
      };
    },
  };
}

function recordOf(issue: WorldIssue): FileRecord {
  return {
    id: issue.id,
    identifier: issue.identifier,
    title: issue.title,
    description: issue.description,
    priority: issue.priority,
    state: issue.state,
    labels: issue.labels,
    comments: issue.comments.map(({ createdAt, ...comment }) => ({ ...comment, created_at: createdAt })),
    blocked_by: issue.blockedBy,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
  };
}
