// Turns what SQLite throws into a StoreError that a person can act on: which file, why, what to do, in one
// line. Knows the result codes; decides nothing about retrying.
import { StoreError, type StoreErrorKind } from '../contract/store.ts';

/** Primary result codes: https://www.sqlite.org/rescode.html */
const advice: Readonly<Record<number, string>> = {
  5: 'another program holds the database (SQLITE_BUSY): close it, or wait until it is done',
  6: 'another statement holds the table (SQLITE_LOCKED): close other users of the file',
  8: 'the file cannot be written (SQLITE_READONLY): make the file and its folder writable for this user',
  10: 'reading or writing the disk failed (SQLITE_IOERR): check the disk and its free space',
  11: 'the file is damaged (SQLITE_CORRUPT): restore a backup, or move the file away to start afresh',
  13: 'the disk is full (SQLITE_FULL): free some space on its file system',
  14: 'the file cannot be opened (SQLITE_CANTOPEN): check that it is a file, its folder exists and both may be written',
  26: 'this is not an SQLite database (SQLITE_NOTADB): set db_path to another file, or move this one away',
};

/** Never wraps a StoreError again, so that the first cause wins. */
export function storeFailure(kind: StoreErrorKind, path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(kind, `${path}: ${reasonOf(error)}`, error);
}

function reasonOf(error: unknown): string {
  const code = sqliteCode(error);
  const known = code === null ? undefined : advice[code];
  if (known !== undefined) return known;
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
  return code === null
    ? `${message}: report this as a defect`
    : `${message} (SQLite result ${code}): report this as a defect`;
}

/** SQLite's own English for the codes above: one driver leaves the code out when a read fails. */
const spoken: readonly (readonly [text: string, code: number])[] = [
  ['database is locked', 5],
  ['database table is locked', 6],
  ['attempt to write a readonly database', 8],
  ['disk I/O error', 10],
  ['database disk image is malformed', 11],
  ['database or disk is full', 13],
  ['unable to open database file', 14],
  ['file is not a database', 26],
];

/** The primary code is the low byte of an extended one; null when SQLite did not speak. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  return spoken.find(([text]) => error.message.includes(text))?.[1] ?? null;
}
