// The door of this folder: everything that stands between an agent and the tracker, put together. Policy, approvals,
// outbox and the MCP listener know each other only through what is handed to them here.

import type { Approval } from '../contract/approval.ts';
import type { ToolHost, ToolsView } from '../contract/agent-tools.ts';
import type { TrackerWriter } from '../contract/tracker-writer.ts';
import { createApprovals, type Approvals } from './approvals/approvals.ts';
import type { JudgeParts } from './approvals/judge-edit.ts';
import { auditFacts } from './audit-facts.ts';
import { callLog } from './calls/call-log.ts';
import { refusals } from './calls/turned-away.ts';
import { judgeForPerson } from './calls/judge.ts';
import { checkNow, freshCheck } from './fresh-check.ts';
import { allTools } from './generic/tools.ts';
import { auditKeeper } from './keeping/audit-keeper.ts';
import { countedLedger } from './keeping/counted-ledger.ts';
import { createToolListener } from './mcp/index.ts';
import { notificationRows } from './notifications.ts';
import { createOutbox } from './outbox/index.ts';
import type { CreateToolsParts } from './parts.ts';
import type { ToolListener } from './ports.ts';
import { RuleUses } from './rule-use.ts';
import { runRegistry, type RunRegistry } from './runs/run-registry.ts';
import { schemaCache } from './schema-cache.ts';
import { scopeOf } from './scope.ts';
import { Turns } from './turns.ts';
import { toolsView } from './view.ts';

export type { AuditKeeping, CreateToolsParts, PastRun, RunFigures, TokenFigures } from './parts.ts';

export interface Tools {
  readonly host: ToolHost;
  readonly view: ToolsView;
  /** Of the orchestrator: skips policy, not the outbox. */
  readonly writer: TrackerWriter;
  /** Reads what the last daemon left, opens the listener, then sends on. Call it once, before anything else. */
  start(): Promise<void>;
  /** Ends all runs' access, lets what is on its way end, keeps the audit's head. Never rejects. */
  close(): Promise<void>;
}

export function createTools(parts: CreateToolsParts): Tools {
  const { tracker, clock, log, counters, settings, redact } = parts;
  const note = auditFacts({ nowMs: () => clock.nowMs(), redact });
  const uses = new RuleUses(() => clock.nowMs());
  const schema = schemaCache({ tracker, clock, log });
  let listener: ToolListener | null = null;

  const ledger = countedLedger(parts.ledger, (count) => {
    counters.countAuditEntries(count);
    keeper.grown();
  });
  const keeper = auditKeeper({
    ledger,
    keeping: parts.audit,
    clock,
    log,
    note,
    retentionDays: () => settings().tools.auditRetentionDays,
    notifyBroken: (problem) =>
      notificationRows(settings().notifications, String(clock.nowMs()), {
        event: 'audit_broken',
        atMs: clock.nowMs(),
        summary: `The audit log is not what its head says: ${problem}`,
        detail: problem,
        issueId: null,
        issueIdentifier: null,
        issueTitle: null,
        issueUrl: '',
        runId: null,
        code: '',
      }),
  });

  const isFresh = freshCheck({
    tracker,
    clock,
    scope: () => scopeOf(settings()),
    ownIdOf: async ({ runId, approvalId }) => {
      if (approvalId === null) return registry.issueIdOf(runId);
      return (await approvals.read(approvalId))?.issueId ?? '';
    },
  });
  const outbox = createOutbox({ ...parts, ledger, freshCheck: isFresh });

  const judge: JudgeParts = {
    redact,
    ground: async (approval: Approval, agentKind, signal) => ({
      tracker,
      schema: await schema.soon(),
      scope: scopeOf(settings()),
      own: { id: approval.issueId, identifier: approval.issueIdentifier },
      agentKind,
      nowMs: clock.nowMs(),
      signal,
    }),
    policy: (facts) => judgeForPerson(settings().tools, facts),
    check: (write, before, { scope, own, nowMs, signal }) =>
      checkNow(write, before, { tracker, scope, nowMs, signal, ownId: own.id }),
  };
  const approvals: Approvals = createApprovals({ ...parts, ledger, outbox, note, judge });
  const tools = allTools({ ...parts, ledger, approvals });
  const calls = callLog(ledger);
  const turns = new Turns();
  const callParts = { ...parts, ledger, outbox, approvals, schema, uses, note, callLog: calls, tools, turns };
  const turnedAway = refusals({
    clock,
    log,
    counters,
    note,
    callLog: calls,
    isTool: (name) => tools.has(name),
  });
  const registry: RunRegistry = runRegistry({
    ...callParts,
    refusals: turnedAway,
    listener: () => listener,
  });

  async function openListener(): Promise<void> {
    if (!settings().tools.enabled) return;
    try {
      listener = await (parts.listen?.() ?? createToolListener({ log, clock, version: parts.version }));
    } catch (error) {
      log.error('agents get no tools: no port on loopback could be opened', { error: String(error) });
    }
  }

  return {
    host: registry.host,
    writer: outbox.writer,
    view: toolsView({
      ledger,
      approvals,
      outbox,
      schema,
      uses,
      tools,
      settings,
      listener: () => listener,
      verifyAudit: (signal) => parts.audit.verify(signal),
    }),
    async start() {
      await keeper.start();
      await uses.recall(ledger);
      await approvals.start();
      await outbox.start();
      await openListener();
    },
    async close() {
      await registry.close();
      await listener?.close();
      turnedAway.close();
      await calls.settled();
      await outbox.close();
      await approvals.close();
      schema.close();
      await keeper.close();
    },
  };
}
