// kill -9 at any moment leaves each batch of the ledger whole or absent, the chain intact, and a head file that is
// sound and not ahead of the log.
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { auditHeadFile, openStoreReader, verifyLedger } from '../../src/store/index.ts';
import { startChild } from './child-process.ts';
import { headEvery, writesPerBatch } from './ledger-rows.ts';
import { tracker } from './rows.ts';
import { storeFolder } from './store-folder.ts';

test('a batch is whole or absent, acknowledged ones are there, and the chain verifies against the head file', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const headFile = auditHeadFile({ databasePath: path, tracker });
  let next = 0;
  for (const [acknowledgements, furtherMs] of [
    [1, 0],
    [2, 3],
    [7, 1],
    [20, 5],
    [31, 2],
  ] as const) {
    const child = startChild('child-ledger.ts', path, String(next));
    await child.untilLines(acknowledgements);
    await setTimeout(furtherMs);
    await child.kill();
    const acknowledged = Number(child.lines.at(-1));

    const reader = await openStoreReader({ path, tracker });
    const { tools } = reader;
    const found = await headFile.read();
    // Written behind the batches, and waited for only now and then: after the first few it need not be there yet.
    expect(found.kind).not.toBe('broken');
    if (child.lines.length > headEvery) expect(found.kind).toBe('found');
    const verdict = await verifyLedger(tools, found.kind === 'found' ? found.head : null);
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ kind: 'intact' });

    const there = (await tools.approval(String(acknowledged + 1))) !== null;
    const batches = acknowledged + (there ? 2 : 1);
    expect(await tools.approval(String(batches))).toBeNull();
    const { approvals: halfway } = await tools.approvals({ status: 'pending', limit: 1 });
    expect(halfway, 'no batch stopped halfway').toEqual([]);
    expect(await tools.openWrites()).toHaveLength(batches * writesPerBatch);
    expect(await tools.writesOf(String(batches - 1))).toHaveLength(writesPerBatch);
    const entries = await tools.audit({ afterSeq: 0, limit: 1_000 });
    const ofLast = entries.filter(({ line }) => line.includes(`"approval_id":"${batches - 1}"`));
    expect(ofLast).toHaveLength(writesPerBatch);
    await reader.close();
    next = batches;
  }
}, 90_000);
