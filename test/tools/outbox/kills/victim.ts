// The process that is killed: the real store, the real Jira adapter, and approvals and outbox over them, fed with a list
// of what agents ask for and a person allows. It goes on where the one before it was cut off, and exits with 0 when all
// is done. Imports no test runner: it is bundled and run by itself.

import { readFileSync } from 'node:fs';
import { tracker as jira } from '../../../../adapters/trackers/jira/index.ts';
import { openStore } from '../../../../src/store/index.ts';
import { freshCheck } from '../../../../src/tools/fresh-check.ts';
import { createOutbox, PACE, type OutboxPace } from '../../../../src/tools/outbox/index.ts';
import type { ToolsParts } from '../../../../src/tools/ports.ts';
import { createDeciding, SCOPE, settingsInForce } from './deciding.ts';
import type { Order } from './stream.ts';

export interface VictimOrders {
  readonly databasePath: string;
  readonly jiraUrl: string;
  readonly orders: readonly Order[];
}

/** As the real one, a hundred times faster: nothing here lags for longer than a fifth of a second, or not by much. */
/** Then a write that is not there will not come any more, also when Jira has had to wait for the processor. */
const LAG_OVER_MS = 1_000;

const pace: OutboxPace = {
  ...PACE,
  firstBackoffMs: 10,
  longestBackoffMs: 200,
  lookAgainMs: {
    harmless: [],
    compared: [50, LAG_OVER_MS],
    repeated: [50, LAG_OVER_MS],
    indexed: [50, 150, LAG_OVER_MS],
  },
  storeRetryMs: 20,
};

const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent, error: complain };

function complain(message: string, fields: object = {}): void {
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
}

async function main(ordersPath: string): Promise<void> {
  const { jiraUrl, databasePath, orders } = JSON.parse(readFileSync(ordersPath, 'utf8')) as VictimOrders;
  const context = {
    kind: 'jira',
    endpoint: jiraUrl,
    apiKey: 'bot@example.com:secret-token',
    project: 'PROJ',
    queryFilter: '',
    activeStates: ['Backlog', 'In Progress'],
    terminalStates: ['Done'],
    richText: 'markdown',
    settings: jira.settingsSchema.parse({ settle_ms: LAG_OVER_MS }),
    workflowDirectory: '/',
    warn: silent,
  } as const;
  const store = await openStore({
    path: databasePath,
    tracker: { kind: 'jira', identity: jira.identity(context) },
  });
  const counters: ToolsParts['counters'] = {
    countApproval: silent,
    countOutboxWrite: silent,
    countAuditEntries: silent,
    countToolCall: silent,
    countTrackerComment: silent,
  };
  const parts: ToolsParts = {
    tracker: jira.create(context),
    ledger: store.tools,
    clock: {
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      after(ms, fire) {
        const timer = setTimeout(fire, ms);
        return () => clearTimeout(timer);
      },
    },
    log,
    newUuid: () => crypto.randomUUID(),
    settings: settingsInForce,
    counters,
    redact: (text) => text,
    record: silent,
    witness: { writing: silent, written: silent },
  };
  const isFresh = freshCheck({
    ...parts,
    scope: () => SCOPE,
    ownIdOf: async ({ approvalId }) => (await store.tools.approval(approvalId ?? ''))?.issueId ?? '',
  });
  const outbox = createOutbox({ ...parts, freshCheck: isFresh, pace });
  const { approvals, carryOut } = createDeciding(parts, outbox);

  // From here on a life may be cut off.
  process.stdout.write('ready\n');
  await approvals.start();
  await outbox.start();
  const bad = await carryOut(orders);
  for (const one of bad) complain(one);
  await outbox.close();
  await approvals.close();
  await store.close();
  process.exitCode = bad.length === 0 ? 0 : 1;
}

// Bundled as a script, which cannot wait at its top.
void main(process.argv[3] ?? '');
