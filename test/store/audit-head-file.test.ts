// The head of the audit beside the database: the old one or the new one, private, a tracker's own, and a file that
// cannot be understood is told of instead of crashing anybody.
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { auditHeadFile } from '../../src/store/index.ts';
import { tracker } from './rows.ts';
import { storeFolder } from './store-folder.ts';

const head = (seq: number): { seq: number; hash: string } => ({ seq, hash: String(seq % 10).repeat(64) });
const atMs = Date.parse('2026-11-22T10:00:00.000Z');
const other = { kind: 'jira', identity: 'https://x.example DEMO' };

function inFolder(): string {
  return join(storeFolder(), 'sortie.db');
}

test('what is written is read, with its time, and only the owner may', async () => {
  const databasePath = inFolder();
  const file = auditHeadFile({ databasePath, tracker });
  expect(file.path).toBe(`${databasePath}.audit-head`);
  expect(await file.read()).toEqual({ kind: 'absent' });
  await file.write(head(1), atMs);
  await file.write(head(2), atMs);
  const again = auditHeadFile({ databasePath, tracker });
  expect(await again.read()).toEqual({ kind: 'found', head: head(2), at: '2026-11-22T10:00:00.000Z' });
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(databasePath)), 'nothing is left beside it').toEqual(['sortie.db.audit-head']);
});

test('each tracker has its own, and none is lost by the other', async () => {
  const databasePath = inFolder();
  const mine = auditHeadFile({ databasePath, tracker });
  const theirs = auditHeadFile({ databasePath, tracker: other });
  await mine.write(head(1), atMs);
  expect(await theirs.read()).toEqual({ kind: 'absent' });
  await theirs.write(head(5), atMs);
  expect(await mine.read()).toMatchObject({ head: head(1) });
  expect(JSON.parse(readFileSync(mine.path, 'utf8'))).toEqual({
    'file /issues.json': { tracker: 'file /issues.json', ...head(1), at: '2026-11-22T10:00:00.000Z' },
    'jira https://x.example DEMO': {
      tracker: 'jira https://x.example DEMO',
      ...head(5),
      at: '2026-11-22T10:00:00.000Z',
    },
  });
});

test('of many at once the newest is there when any of the waiting ones resolves', async () => {
  const file = auditHeadFile({ databasePath: inFolder(), tracker });
  const first = file.write(head(1), atMs);
  const rest = Array.from({ length: 50 }, (_, n) => file.write(head(n + 2), atMs));
  await first;
  await rest[0];
  expect(await file.read()).toMatchObject({ head: head(51) });
  await Promise.all(rest);
  await file.write(head(52), atMs);
  expect(await file.read()).toMatchObject({ head: head(52) });
});

test.for([
  ['an empty file', ''],
  ['half a file', '{"file /issues.json": {"tracker": "file /iss'],
  ['a list', '[]'],
  ['nothing', 'null'],
  ['a wrong hash', JSON.stringify({ 'file /issues.json': { seq: 1, hash: 'x' } })],
  ['a wrong place', JSON.stringify({ 'file /issues.json': { seq: '1', hash: head(1).hash } })],
  ['a bare text', JSON.stringify({ 'file /issues.json': 'abc' })],
] as const)('%s is a finding of one line that names the file', async ([, text]) => {
  const file = auditHeadFile({ databasePath: inFolder(), tracker });
  writeFileSync(file.path, text);
  const finding = await file.read();
  expect(finding.kind).toBe('broken');
  if (finding.kind !== 'broken') return;
  expect(finding.problem).toContain(file.path);
  expect(finding.problem).not.toContain('\n');
  await file.write(head(1), atMs);
  expect(await file.read()).toMatchObject({ kind: 'found', head: head(1) });
});

test('a file that made no sense at all is kept beside the new one', async () => {
  const file = auditHeadFile({ databasePath: inFolder(), tracker });
  writeFileSync(file.path, 'half a');
  await file.write(head(1), atMs);
  expect(readFileSync(`${file.path}.broken`, 'utf8')).toBe('half a');
});

test('a folder in its place is a finding when read, and an error when it cannot be written; the next one works', async () => {
  const file = auditHeadFile({ databasePath: inFolder(), tracker });
  mkdirSync(file.path);
  expect(await file.read()).toMatchObject({ kind: 'broken' });
  mkdirSync(`${file.path}.new`);
  await expect(file.write(head(1), atMs)).rejects.toMatchObject({ code: 'EISDIR' });
  rmdirSync(`${file.path}.new`);
  await file.write(head(2), atMs);
  expect(await file.read()).toMatchObject({ kind: 'found', head: head(2) });
});
