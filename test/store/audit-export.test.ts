// An exported audit log is verified over its bytes, however they come in; every byte of it counts.
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditVerdict } from '../../src/contract/audit.ts';
import { exportedLine, verifyAuditExport } from '../../src/store/index.ts';
import { auditFacts, audited, auditedMany } from './ledger-rows.ts';
import { openInFolder, storeFolder } from './store-folder.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

const verify = (text: string | Buffer, size = 1_000): Promise<AuditVerdict> =>
  verifyAuditExport(chunksOf(Buffer.from(text), size), null);

async function exported(forget = 0): Promise<{ text: string; head: { seq: number; hash: string } }> {
  const { tools } = await openInFolder();
  await tools.apply([audited({ message: 'a \u2028 break, "quotes", Großé' }), ...auditedMany(5)]);
  const { atMs } = auditFacts();
  if (forget > 0) await tools.forgetAudit(atMs + forget * 1_000, atMs + 60_000);
  const entries = await tools.audit({ afterSeq: 0, limit: 100 });
  return { text: entries.map((entry) => `${exportedLine(entry)}\n`).join(''), head: await tools.auditHead() };
}

test('each line is JSON with its hash as the last field, and the whole is intact', async () => {
  const { text, head } = await exported();
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(Object.keys(JSON.parse(line) as object).at(-1)).toBe('hash');
  const path = join(storeFolder(), 'audit.jsonl');
  writeFileSync(path, text);
  expect(await verifyAuditExport(createReadStream(path), head)).toEqual({
    kind: 'intact',
    entries: 6,
    first: 1,
    head,
  });
});

test('it does not matter how the bytes are cut', async () => {
  const { text } = await exported();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (size) => {
      expect(await verify(text, size)).toMatchObject({ kind: 'intact', entries: 6 });
    }),
    { numRuns: 30 },
  );
});

test('every byte but the very last line break counts', async () => {
  const { text } = await exported();
  const bytes = Buffer.from(text);
  for (let place = 0; place < bytes.length; place += 1) {
    for (const mask of [1, 0x20, 0x80]) {
      const edited = Buffer.from(bytes);
      edited[place] = edited[place]! ^ mask;
      expect((await verify(edited)).kind, `byte ${place}`).toBe('broken');
    }
    const shorter = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
    expect((await verify(shorter)).kind, `without byte ${place}`).toBe(
      place === bytes.length - 1 ? 'intact' : 'broken',
    );
  }
}, 60_000);

test('lines that are taken away, also the first or the last, are missed', async () => {
  const { text, head } = await exported();
  const lines = text.split(/(?<=\n)/u);
  for (let gone = 0; gone < lines.length; gone += 1) {
    const rest = Buffer.from(lines.filter((_, n) => n !== gone).join(''));
    expect(await verifyAuditExport(chunksOf(rest, 100), head), `line ${gone + 1}`).toMatchObject({
      kind: 'broken',
      seq: gone + 1,
    });
  }
  expect(await verifyAuditExport(chunksOf(Buffer.alloc(0), 1), head)).toMatchObject({
    kind: 'broken',
    seq: 1,
  });
  expect(await verify('')).toMatchObject({ kind: 'intact', entries: 0 });
});

test('the export of a log that has forgotten is explained by its checkpoint, and by nothing else', async () => {
  const { text } = await exported(3);
  expect(await verify(text)).toMatchObject({ kind: 'intact', first: 5 });
  const lines = text.split(/(?<=\n)/u);
  expect(await verify(lines.slice(1).join(''))).toMatchObject({ kind: 'broken', seq: 5 });
  expect(await verify(lines.slice(0, -1).join(''))).toMatchObject({ kind: 'broken', seq: 1 });
});

test.for([
  ['a blank line', (text: string) => text.replace('\n', '\n\n')],
  ['line breaks of another system', (text: string) => text.replaceAll('\n', '\r\n')],
  ['spaces', (text: string) => text.replaceAll('":', '": ')],
  ['no JSON at all', () => 'hello\n'],
  ['a line that never ends', () => 'x'.repeat(17 * 1024 * 1024)],
] as const)('%s is broken, not a crash', async ([, edit]) => {
  const { text } = await exported();
  expect(await verify(edit(text), 65_536)).toMatchObject({ kind: 'broken' });
});
