// Checked values under the users' names → Settings: camelCase, absolute paths, the adapters' defaults, and
// frozen. The one place where the two spellings meet. Decides nothing.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings, TokenRates } from '../contract/settings.ts';
import { buildTools } from './build-tools.ts';
import type { StateLists } from './cross-checks.ts';
import type { FrontMatterValues } from './settings-schema.ts';

export interface BuildInput {
  readonly values: FrontMatterValues;
  readonly states: StateLists;
  readonly trackerBlock: Readonly<Record<string, unknown>>;
  readonly agentBlock: Readonly<Record<string, unknown>>;
  readonly portAsked: boolean;
  readonly directory: string;
  /** TMPDIR of the environment that was handed in; null = what the system says. */
  readonly temporaryFolder: string | null;
}

export function buildSettings(input: BuildInput): Settings {
  const { values, states, directory } = input;
  const { tracker, hooks, agent, server } = values;
  return deepFreeze({
    tracker: {
      kind: tracker.kind,
      adapter: tracker.adapter,
      endpoint: tracker.endpoint,
      project: tracker.project,
      apiKey: tracker.api_key,
      queryFilter: tracker.query_filter,
      activeStates: [...states.active],
      terminalStates: [...states.terminal],
      handoffState: tracker.handoff_state,
      inProgressState: tracker.in_progress_state,
      requiredLabels: tracker.required_labels.map((label) => label.toLowerCase()),
      parkLabel: tracker.park_label.toLowerCase(),
      maxInHandoff: tracker.max_in_handoff,
      richText: tracker.rich_text,
      comments: {
        onDispatch: tracker.comments.on_dispatch,
        onCompletion: tracker.comments.on_completion,
        onFailure: tracker.comments.on_failure,
        style: tracker.comments.style,
      },
      block: input.trackerBlock,
    },
    pollIntervalMs: values.polling.interval_ms,
    workspaceRoot: values.workspace.root || join(input.temporaryFolder ?? tmpdir(), 'sortie_workspaces'),
    hooks: {
      afterCreate: hooks.after_create,
      beforeRun: hooks.before_run,
      afterRun: hooks.after_run,
      beforeRemove: hooks.before_remove,
      timeoutMs: hooks.timeout_ms,
    },
    agent: {
      kind: agent.kind,
      command: agent.command,
      env: bare(Object.entries(agent.env)),
      passEnv: agent.pass_env,
      maxTurns: agent.max_turns,
      maxSessions: agent.max_sessions,
      maxConcurrentAgents: agent.max_concurrent_agents,
      maxConcurrentAgentsByState: bare(
        Object.entries(agent.max_concurrent_agents_by_state).map(([state, limit]) => [
          state.trim().toLowerCase(),
          limit,
        ]),
      ),
      turnTimeoutMs: agent.turn_timeout_ms,
      readTimeoutMs: agent.read_timeout_ms,
      stallTimeoutMs: agent.stall_timeout_ms,
      toolTimeoutMs: agent.tool_timeout_ms,
      budget: {
        maxTokensPerRun: agent.budget.max_tokens_per_run,
        maxTokensPerIssue: agent.budget.max_tokens_per_issue,
        maxTokensPerDay: agent.budget.max_tokens_per_day,
        maxUsdPerRun: agent.budget.max_usd_per_run,
        maxUsdPerIssue: agent.budget.max_usd_per_issue,
        maxUsdPerDay: agent.budget.max_usd_per_day,
      },
      evidence: agent.evidence,
      maxEmptyRuns: agent.max_empty_runs,
      breakerFailures: agent.breaker_failures,
      stopGraceMs: agent.stop_grace_ms,
      maxRetryBackoffMs: agent.max_retry_backoff_ms,
      block: input.agentBlock,
    },
    dbPath: values.db_path || join(directory, '.sortie.db'),
    server: {
      port: server.port,
      portAsked: input.portAsked,
      host: server.host,
      token: server.token,
      allowedHosts: server.allowed_hosts,
      socket: server.socket ?? '',
      protectMetrics: server.protect_metrics,
      users: server.users.map((user) => ({ ...user, groups: [...new Set(user.groups)] })),
    },
    logging: { level: values.logging.level, format: values.logging.format },
    tokenRates: bare(Object.entries(values.token_rates).map(([kind, rates]) => [kind, camelRates(rates)])),
    notifications: values.notifications.map((one) => ({ ...one, events: [...new Set(one.events)] })),
    tools: buildTools(values.tools),
  });
}

function camelRates(rates: FrontMatterValues['token_rates'][string]): TokenRates {
  return {
    inputPerMtok: rates.input_per_mtok,
    outputPerMtok: rates.output_per_mtok,
    cacheReadPerMtok: rates.cache_read_per_mtok,
    cacheWritePerMtok: rates.cache_write_per_mtok,
  };
}

/** Without a prototype: a state named "constructor" must not find a function. */
function bare<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  const map = Object.create(null) as Record<string, Value>;
  for (const [key, value] of entries) map[key] = value;
  return map;
}

export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) deepFreeze(child);
  return value;
}
