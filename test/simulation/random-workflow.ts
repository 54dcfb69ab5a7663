// Workflows as people might write them: random limits, states, handoff, comments, delays. Every one is valid by
// the contract's rules (the handoff state is neither active nor terminal, the in-progress state is active).

import { NOTIFICATION_EVENTS, type BudgetSettings, type Workflow } from '../../src/contract/index.ts';
import type { Dice } from './dice.ts';
import { toolSettings } from '../workflow/tool-settings.ts';

export const LABEL = 'agent';
export const PARK_LABEL = 'parked';
export const ALL_STATES = [
  'Todo',
  'In Progress',
  'Rework',
  'Review',
  'Backlog',
  'Done',
  'Cancelled',
] as const;
export const HANDOFF_STATE = 'Review';

export const NO_BUDGET: BudgetSettings = {
  maxTokensPerRun: 0,
  maxTokensPerIssue: 0,
  maxTokensPerDay: 0,
  maxUsdPerRun: 0,
  maxUsdPerIssue: 0,
  maxUsdPerDay: 0,
};

/** A simulated token costs a tenth of a cent, and a run uses some thousand. */
function drawBudget(dice: Dice): BudgetSettings {
  if (dice.chance(0.4)) return NO_BUDGET;
  return {
    maxTokensPerRun: dice.pick([0, 0, 1_500, 4_000]),
    maxTokensPerIssue: dice.pick([0, 0, 5_000, 20_000]),
    maxTokensPerDay: dice.pick([0, 0, 20_000, 100_000]),
    maxUsdPerRun: dice.pick([0, 0, 2.5]),
    maxUsdPerIssue: dice.pick([0, 0, 7.5]),
    maxUsdPerDay: dice.pick([0, 0, 50]),
  };
}

/** Up to two destinations, each with what it wants. */
function drawNotifications(dice: Dice): Workflow['settings']['notifications'] {
  const names = dice.pick([[], ['ops'], ['ops', 'team']]);
  return names.map((name) => ({
    ...{ name, kind: 'webhook', url: 'https://simulated/', secret: '' },
    events: NOTIFICATION_EVENTS.filter(() => dice.chance(0.7)),
  }));
}

export function drawWorkflow(dice: Dice): Workflow {
  const activeStates = ['Todo', 'In Progress', ...(dice.chance(0.5) ? ['rework'] : [])];
  const byState = dice.chance(0.5) ? {} : { todo: dice.int(1, 3), 'in progress': dice.int(1, 3) };
  const comments = dice.chance(0.5);
  return makeWorkflow({
    tracker: {
      activeStates,
      terminalStates: dice.chance(0.7) ? ['Done', 'Cancelled'] : ['done'],
      handoffState: dice.chance(0.7) ? HANDOFF_STATE : '',
      inProgressState: dice.chance(0.5) ? 'In Progress' : '',
      requiredLabels: dice.chance(0.35) ? [LABEL] : [],
      comments: {
        onDispatch: comments && dice.chance(0.5),
        onCompletion: comments && dice.chance(0.5),
        onFailure: comments && dice.chance(0.8),
        style: dice.pick(['plain', 'living']),
      },
      parkLabel: dice.chance(0.4) ? PARK_LABEL : '',
      maxInHandoff: dice.pick([0, 0, 1, 3, 6]),
    },
    agent: {
      kind: dice.chance(0.9) ? 'command' : 'mock',
      maxTurns: dice.int(1, 3),
      maxSessions: dice.pick([0, 0, 1, 2, 5]),
      maxConcurrentAgents: dice.int(1, 8),
      maxConcurrentAgentsByState: byState,
      stallTimeoutMs: dice.pick([0, 30_000, 300_000]),
      toolTimeoutMs: dice.pick([0, 120_000, 1_800_000]),
      budget: drawBudget(dice),
      evidence: dice.pick(['observed', 'strict', 'off']),
      maxEmptyRuns: dice.int(1, 3),
      maxRetryBackoffMs: dice.pick([5_000, 60_000, 300_000]),
      breakerFailures: dice.pick([0, 2, 3, 5]),
    },
    pollIntervalMs: dice.pick([1_000, 10_000, 30_000]),
    prompt: dice.pick(['Do it.', 'Do it well.']),
    notifications: drawNotifications(dice),
    hasRates: dice.chance(0.8),
  });
}

/** What every world ends with: enough slots, stalls noticed, work handed over. */
export function calmWorkflow(dice: Dice): Workflow {
  const drawn = drawWorkflow(dice);
  return {
    ...drawn,
    settings: {
      ...drawn.settings,
      pollIntervalMs: 30_000,
      // People move nothing out of review any more.
      tracker: { ...drawn.settings.tracker, maxInHandoff: 0 },
      agent: { ...drawn.settings.agent, stallTimeoutMs: 60_000, toolTimeoutMs: 600_000, budget: NO_BUDGET },
    },
  };
}

type Tracker = Workflow['settings']['tracker'];
type Agent = Workflow['settings']['agent'];

function makeWorkflow(facts: {
  tracker: Pick<
    Tracker,
    | 'activeStates'
    | 'terminalStates'
    | 'handoffState'
    | 'inProgressState'
    | 'requiredLabels'
    | 'comments'
    | 'parkLabel'
    | 'maxInHandoff'
  >;
  agent: Pick<
    Agent,
    | 'kind'
    | 'maxTurns'
    | 'maxSessions'
    | 'maxConcurrentAgents'
    | 'maxConcurrentAgentsByState'
    | 'stallTimeoutMs'
    | 'toolTimeoutMs'
    | 'budget'
    | 'evidence'
    | 'maxEmptyRuns'
    | 'maxRetryBackoffMs'
    | 'breakerFailures'
  >;
  pollIntervalMs: number;
  notifications: Workflow['settings']['notifications'];
  prompt: string;
  hasRates: boolean;
}): Workflow {
  const path = '/simulated/WORKFLOW.md';
  const outside = { kind: 'simulated', adapter: '', endpoint: '', project: '', apiKey: '', queryFilter: '' };
  const times = { turnTimeoutMs: 3_600_000, readTimeoutMs: 5_000, stopGraceMs: 5_000 };
  return {
    path,
    prompt: { source: facts.prompt, path, firstLine: 1 },
    settings: {
      tracker: { ...outside, richText: 'plain', ...facts.tracker, block: {} },
      agent: { ...times, command: '', env: {}, passEnv: [], block: {}, ...facts.agent },
      pollIntervalMs: facts.pollIntervalMs,
      workspaceRoot: '/simulated/workspaces',
      hooks: { afterCreate: '', beforeRun: '', afterRun: '', beforeRemove: '', timeoutMs: 60_000 },
      dbPath: '/simulated/.sortie.db',
      server: {
        port: 0,
        portAsked: false,
        host: '127.0.0.1',
        token: '',
        allowedHosts: [],
        socket: '',
        protectMetrics: false,
        users: [],
      },
      logging: { level: 'error', format: 'text' },
      notifications: facts.notifications,
      tools: toolSettings(),
      tokenRates: facts.hasRates ? { command: { inputPerMtok: 1_000, outputPerMtok: 2_000 } } : {},
    },
    secretEnvNames: [],
    secretValues: [],
    contentHash: '',
    warnings: [],
    effective: [],
  };
}
