// Proving a log of 100,000 entries: read from the store, hashed, chained, against hashing the same bytes from memory.
// Also how long anything else in the process had to wait meanwhile.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AuditFacts } from '../src/contract/audit.ts';
import { builtStore } from './built.ts';
import { withLongestHold } from './loop-hold.ts';
import type { Bench } from './sample.ts';

const ENTRIES = 100_000;
const BATCH = 1_000;
const ROUNDS = 5;

export async function measureVerify({ folder, record, defer }: Bench): Promise<void> {
  const { openStore, verifyLedger } = await builtStore();
  const store = await openStore({
    path: join(folder, 'audit.db'),
    tracker: { kind: 'file', identity: '/issues.json' },
  });
  defer(() => store.close());
  for (let at = 0; at < ENTRIES; at += BATCH) {
    const facts = Array.from({ length: BATCH }, (_, number) => someFacts(at + number));
    await store.tools.apply(facts.map((one) => ({ kind: 'audit', facts: one })));
  }
  const lines: string[] = [];
  for (let at = 0; at < ENTRIES; at += BATCH) {
    for (const { line } of await store.tools.audit({ afterSeq: at, limit: BATCH })) lines.push(line);
  }
  const head = await store.tools.auditHead();
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ours = await withLongestHold(async () => {
      const verdict = await verifyLedger(store.tools, head);
      if (verdict.kind !== 'intact' || verdict.entries !== ENTRIES) throw new Error(JSON.stringify(verdict));
    });
    const startMs = performance.now();
    for (const line of lines) createHash('sha256').update(line, 'utf8').digest('hex');
    const floorMs = performance.now() - startMs;
    if (round === 0) continue;
    record('tools: verify 100,000 audit entries', 'ms', 'ours', ours.tookMs);
    record('tools: verify 100,000 audit entries', 'ms', 'floor', floorMs);
    record('tools: verify: longest hold of the loop', 'ms', 'ours', ours.longestHoldMs);
    record('tools: verify: longest hold of the loop', 'ms', 'floor', floorMs);
  }
}

function someFacts(number: number): AuditFacts {
  return {
    kind: 'tool_call',
    atMs: Date.UTC(2026, 10, 1) + number,
    actor: 'agent',
    name: 'claude-code',
    runId: `0199b2a4-0000-7000-8000-${String(number).padStart(12, '0')}`,
    issueIdentifier: `BENCH-${number % 500}`,
    tool: 'tracker_api',
    operation: 'add_comment',
    decision: 'allow',
    rule: 'rule 3 (comments of their own)',
    approvalId: null,
    writeId: `0199b2a5-0000-7000-8000-${String(number).padStart(12, '0')}`,
    details: { operation: 'add_comment', body: `The voucher stays – its test is in place (${number}).` },
    before: null,
    after: null,
    answer: 'ok',
    message: '',
    durationMs: 12,
  };
}
