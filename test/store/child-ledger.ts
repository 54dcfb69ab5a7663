// The victim of ledger-kills.test.ts: applies batch after batch of proposals, writes and audit, forgets now and then,
// keeps the head file, and prints a batch's number once it is acknowledged. Never ends by itself.
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { auditHeadFile, openStore } from '../../src/store/index.ts';
import {
  approval,
  auditFacts,
  audited,
  decided,
  outboxWrite,
  headEvery,
  writesPerBatch,
} from './ledger-rows.ts';
import { tracker } from './rows.ts';

const [path = '', first = '0'] = process.argv.slice(2);
const headFile = auditHeadFile({ databasePath: path, tracker });
const { tools } = await openStore({ path, tracker });
for (let batch = Number(first); ; batch += 1) {
  const id = String(batch);
  const atMs = auditFacts().atMs + batch * 1_000;
  await tools.apply([
    { kind: 'add_approval', approval: approval(id) },
    ...Array.from({ length: writesPerBatch }, (_, n) => [
      { kind: 'add_write', write: outboxWrite(`${id}-${n}`, { approvalId: id }) } as const,
      audited({ approvalId: id, atMs }),
    ]).flat(),
    { kind: 'put_approval', approval: decided(id), expect: 'pending' },
  ]);
  writeSync(1, `${batch}\n`);
  const keeping = headFile.write(await tools.auditHead(), Date.now());
  // SQLite answers at once, so this loop alone would never let the head file be written.
  if (batch % headEvery === headEvery - 1) await keeping;
  else await setImmediate();
  if (batch % 5 === 4) await tools.forgetAudit(atMs - 40_000, atMs);
}
