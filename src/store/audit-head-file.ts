// The newest entry of the audit, kept in a file beside the database, so that a log that was cut at its end is seen. One
// JSON object with an entry for each tracker; replaced whole, so it is the old one or the new one. It may lag behind
// the log, never run ahead of it. A file that cannot be understood is a finding, and is kept for people to look at.
import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AuditHead } from '../contract/audit.ts';
import type { TrackerIdentity } from './trackers.ts';

export type HeadFinding =
  | { readonly kind: 'found'; readonly head: AuditHead; /** ISO. */ readonly at: string }
  /** No file, or nothing of this tracker in it. */
  | { readonly kind: 'absent' }
  /** `problem`: one line that names the file. */
  | { readonly kind: 'broken'; readonly problem: string };

export interface AuditHeadFile {
  readonly path: string;
  /** Never rejects. */
  read(): Promise<HeadFinding>;
  /**
   * On the disk when it resolves, this one or a newer one: of those that come while one is being written only the last
   * is written. Rejects with the file system's error.
   */
  write(head: AuditHead, atMs: number): Promise<void>;
}

export interface AuditHeadFileParts {
  /** The real path of the database. */
  readonly databasePath: string;
  readonly tracker: TrackerIdentity;
}

export function auditHeadFile({ databasePath, tracker }: AuditHeadFileParts): AuditHeadFile {
  const path = `${databasePath}.audit-head`;
  const name = `${tracker.kind} ${tracker.identity}`;
  let writing: Promise<void> = Promise.resolve();
  let due: { record: HeadRecord; written: Promise<void> } | null = null;
  return {
    path,
    read: () => readHead(path, name),
    write: ({ seq, hash }, atMs) => {
      const record = { tracker: name, seq, hash, at: new Date(atMs).toISOString() };
      if (due !== null) {
        if (seq >= due.record.seq) due.record = record;
        return due.written;
      }
      const next = { record, written: writing };
      due = next;
      next.written = writing
        .catch(() => undefined)
        .then(async () => {
          due = null;
          await writeHead(path, next.record);
        });
      writing = next.written;
      return next.written;
    },
  };
}

interface HeadRecord {
  readonly tracker: string;
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
}

async function readHead(path: string, name: string): Promise<HeadFinding> {
  const records = await readRecords(path);
  if (typeof records === 'string') return { kind: 'broken', problem: records };
  const record = records.get(name);
  if (record === undefined) return { kind: 'absent' };
  const { seq, hash, at } = record as Partial<Record<keyof HeadRecord, unknown>>;
  const sound =
    Number.isSafeInteger(seq) && Number(seq) >= 0 && typeof hash === 'string' && /^[0-9a-f]{64}$/u.test(hash);
  if (!sound) return { kind: 'broken', problem: `${path}: its entry for ${name} is no head of an audit log` };
  return { kind: 'found', head: { seq: Number(seq), hash }, at: typeof at === 'string' ? at : '' };
}

/** A text is what is wrong with the file. */
async function readRecords(path: string): Promise<Map<string, object> | string> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      return `${path}: not a JSON object`;
    }
    return new Map(Object.entries(parsed).map(([name, value]) => [name, Object(value) as object]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    const detail = error instanceof Error ? error.message : String(error);
    return `${path}: cannot be read: ${detail.replace(/\s+/gu, ' ')}`;
  }
}

async function writeHead(path: string, record: HeadRecord): Promise<void> {
  let records = await readRecords(path);
  if (typeof records === 'string') {
    await rename(path, `${path}.broken`);
    records = new Map();
  }
  records.set(record.tracker, record);
  const temporary = `${path}.new`;
  await withFile(await open(temporary, 'w', 0o600), async (file) => {
    await file.chmod(0o600);
    await file.writeFile(`${JSON.stringify(Object.fromEntries(records), null, 2)}\n`);
    await file.sync();
  });
  await rename(temporary, path);
  await withFile(await open(dirname(path), 'r'), (folder) => folder.sync());
}

async function withFile(file: FileHandle, work: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
