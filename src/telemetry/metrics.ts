// Counts what the daemon does and serves it to Prometheus, from a registry of its own: the global one would
// mix in whatever another library registers, and one registry has exactly one content type. Callers count
// through named methods; neither metric names nor labels leave this folder. Never throws at a caller.

import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Counters } from '../contract/counters.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { Throttle } from '../contract/tracker-capabilities.ts';
import { OTHER_TOOL, TOOL_LIMIT } from './metric-catalogue.ts';
import { counterOf, gaugeOf, histogramOf } from './metric-instruments.ts';
import { registerSnapshotGauges } from './snapshot-gauges.ts';

export interface Metrics extends Counters {
  /** The whole scrape. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsOptions {
  readonly version: string;
  /** Asked once a gauge at each scrape; null before recovery has finished. */
  readonly snapshot?: (() => Snapshot | null) | undefined;
  /** What the tracker has asked to wait. */
  readonly throttles?: (() => readonly Throttle[]) | undefined;
  /** Of agents' tools. */
  readonly tools?: (() => OpenTools) | undefined;
  /** Wall clock in milliseconds, to age running sessions with. */
  readonly nowMs?: (() => number) | undefined;
}

/** How many proposals wait for a person, and how many writes have not ended. */
export interface OpenTools {
  readonly approvals: number;
  readonly writes: number;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerSnapshotGauges(
    registry,
    options.snapshot ?? (() => null),
    options.nowMs ?? Date.now,
    options.throttles ?? (() => []),
  );
  const openTools = options.tools ?? (() => ({ approvals: 0, writes: 0 }));
  gaugeOf(registry, 'approvalsPending', (gauge) => gauge.set(openTools().approvals));
  gaugeOf(registry, 'outboxOpen', (gauge) => gauge.set(openTools().writes));
  gaugeOf(registry, 'buildInfo').set({ version: options.version, node_version: process.version }, 1);
  return {
    ...createRecorder(registry),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function createRecorder(registry: Registry): Counters {
  const tokens = counterOf(registry, 'tokens');
  const agentRuntime = counterOf(registry, 'agentRuntime');
  const dispatches = counterOf(registry, 'dispatches');
  const workerExits = counterOf(registry, 'workerExits');
  const workerDuration = histogramOf(registry, 'workerDuration');
  const retries = counterOf(registry, 'retries');
  const reconciliationActions = counterOf(registry, 'reconciliationActions');
  const pollCycles = counterOf(registry, 'pollCycles');
  const pollDuration = histogramOf(registry, 'pollDuration');
  const trackerRequests = counterOf(registry, 'trackerRequests');
  const handoffTransitions = counterOf(registry, 'handoffTransitions');
  const dispatchTransitions = counterOf(registry, 'dispatchTransitions');
  const trackerComments = counterOf(registry, 'trackerComments');
  const notifications = counterOf(registry, 'notifications');
  const operatorActions = counterOf(registry, 'operatorActions');
  const toolCalls = counterOf(registry, 'toolCalls');
  const approvals = counterOf(registry, 'approvals');
  const outboxWrites = counterOf(registry, 'outboxWrites');
  const auditEntries = counterOf(registry, 'auditEntries');
  const toolLabel = createToolLabels();
  return {
    countTokens: ({ inputTokens, outputTokens, cacheReadTokens }) => {
      tokens.inc({ type: 'input' }, countable(inputTokens));
      tokens.inc({ type: 'output' }, countable(outputTokens));
      tokens.inc({ type: 'cache_read' }, countable(cacheReadTokens));
    },
    countDispatch: (outcome) => dispatches.inc({ outcome }),
    countWorkerExit: (exitType, secondsRunning) => {
      workerExits.inc({ exit_type: exitType });
      workerDuration.observe({ exit_type: exitType }, countable(secondsRunning));
      agentRuntime.inc(countable(secondsRunning));
    },
    countRetry: (trigger) => retries.inc({ trigger }),
    countReconciliation: (action) => reconciliationActions.inc({ action }),
    countPollCycle: (result, seconds) => {
      pollCycles.inc({ result });
      pollDuration.observe(countable(seconds));
    },
    countTrackerRequest: (operation, result) => trackerRequests.inc({ operation, result }),
    countHandoffTransition: (result) => handoffTransitions.inc({ result }),
    countDispatchTransition: (result) => dispatchTransitions.inc({ result }),
    countTrackerComment: (lifecycle, result) => trackerComments.inc({ lifecycle, result }),
    countNotification: (kind, result) => notifications.inc({ kind, result }),
    countOperatorAction: (control) => operatorActions.inc({ control }),
    countToolCall: (tool, result) => toolCalls.inc({ tool: toolLabel(tool), result }),
    countApproval: (status) => approvals.inc({ status }),
    countOutboxWrite: (operation, result) => outboxWrites.inc({ operation, result }),
    countAuditEntries: (count) => auditEntries.inc(countable(count)),
  };
}

/** prom-client throws for a negative increment, and an agent may report any number. */
function countable(amount: number): number {
  return Number.isFinite(amount) && amount > 0 ? amount : 0;
}

/** An agent may invent tool names for ever; each new one would be a series kept until the daemon ends. */
function createToolLabels(): (tool: string) => string {
  const known = new Set<string>();
  return (tool) => {
    const name = tool.replace(/[^\w.:/-]/g, '_').slice(0, 64);
    if (known.has(name)) return name;
    if (name === '' || known.size >= TOOL_LIMIT) return OTHER_TOOL;
    known.add(name);
    return name;
  };
}
