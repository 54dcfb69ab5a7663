// A whole workflow as a good load gives it; a test says what is different. No file, no adapter behind it.

import type { Settings, Workflow } from '../../src/contract/index.ts';
import { settings as core } from '../core/issues.ts';
import { toolSettings } from '../workflow/tool-settings.ts';

export interface WorkflowChange extends Partial<Omit<Workflow, 'settings'>> {
  readonly settings?: Partial<Omit<Settings, 'tracker' | 'agent' | 'server' | 'logging'>> & {
    readonly tracker?: Partial<Settings['tracker']>;
    readonly agent?: Partial<Settings['agent']>;
    readonly server?: Partial<Settings['server']>;
    readonly logging?: Partial<Settings['logging']>;
  };
}

export function aWorkflow({ settings: change = {}, ...facts }: WorkflowChange = {}): Workflow {
  const { tracker, agent, server, logging, ...rest } = change;
  const plain = core();
  return {
    path: '/flow/WORKFLOW.md',
    prompt: { source: 'Do {{ issue.title }}', path: '/flow/WORKFLOW.md', firstLine: 5 },
    secretEnvNames: [],
    secretValues: [],
    contentHash: 'hash',
    warnings: [],
    effective: [],
    ...facts,
    settings: {
      pollIntervalMs: 30_000,
      workspaceRoot: '/w',
      hooks: { afterCreate: '', beforeRun: '', afterRun: '', beforeRemove: '', timeoutMs: 60_000 },
      dbPath: '/flow/.sortie.db',
      tokenRates: {},
      notifications: [],
      tools: toolSettings(),
      ...rest,
      tracker: {
        ...plain.tracker,
        kind: 'file',
        adapter: '',
        endpoint: '',
        project: '',
        apiKey: '',
        queryFilter: '',
        inProgressState: '',
        richText: 'plain',
        block: { path: 'issues.json' },
        ...tracker,
      },
      agent: {
        ...plain.agent,
        command: '',
        env: {},
        passEnv: [],
        maxTurns: 20,
        turnTimeoutMs: 3_600_000,
        readTimeoutMs: 5_000,
        stopGraceMs: 5_000,
        block: {},
        ...agent,
      },
      server: {
        port: 7678,
        portAsked: false,
        host: '127.0.0.1',
        token: '',
        allowedHosts: [],
        socket: '',
        protectMetrics: false,
        users: [],
        ...server,
      },
      logging: { level: 'info', format: 'text', ...logging },
    },
  };
}
