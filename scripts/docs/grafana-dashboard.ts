// docs/operations/grafana-dashboard.json: a board that shows every metric of the catalogue. The panels are listed here,
// row by row, as title, unit and queries; what Grafana wants around them is added once. A test holds the queries to
// the catalogue, in both directions.

import type { GeneratedFile } from './generated-file.ts';

interface Panel {
  readonly title: string;
  readonly description?: string;
  /** Grafana's name of a unit. */
  readonly unit: string;
  readonly kind?: 'timeseries' | 'stat' | 'heatmap';
  /** Query → legend. */
  readonly queries: Readonly<Record<string, string>>;
  /** Of 24 columns; 8 unless told. */
  readonly width?: number;
  readonly stack?: boolean;
}

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Every series of one daemon, or of all of them. */
const ON = 'instance=~"$instance"';

function rate(metric: string, by: string, filter = ''): string {
  return `sum by (${by}) (rate(${metric}{${ON}${filter}}[$__rate_interval]))`;
}

function total(metric: string): string {
  return `sum(${metric}{${ON}})`;
}

function quantile(q: number, metric: string, by = ''): string {
  const labels = by === '' ? 'le' : `le, ${by}`;
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${metric}_bucket{${ON}}[$__rate_interval])))`;
}

const rows: readonly Row[] = [
  {
    title: 'Now',
    panels: [
      {
        title: 'Running',
        unit: 'short',
        kind: 'stat',
        width: 4,
        queries: { [total('sortie_sessions_running')]: 'running' },
      },
      {
        title: 'Free slots',
        unit: 'short',
        kind: 'stat',
        width: 4,
        queries: { [total('sortie_slots_available')]: 'free' },
      },
      {
        title: 'Retry queue',
        unit: 'short',
        kind: 'stat',
        width: 4,
        queries: { [total('sortie_sessions_retrying')]: 'retrying' },
      },
      {
        title: 'Waiting',
        unit: 'short',
        kind: 'stat',
        width: 4,
        queries: { [total('sortie_issues_waiting')]: 'waiting' },
      },
      {
        title: 'Parked',
        unit: 'short',
        kind: 'stat',
        width: 4,
        queries: { [total('sortie_issues_parked')]: 'parked' },
      },
      {
        title: 'Program',
        unit: 'short',
        kind: 'stat',
        width: 4,
        queries: {
          [`sum by (version, node_version) (sortie_build_info{${ON}})`]: '{{version}} on {{node_version}}',
        },
      },
      {
        title: 'Work in hand',
        unit: 'short',
        width: 12,
        stack: true,
        queries: {
          [total('sortie_sessions_running')]: 'running',
          [total('sortie_sessions_retrying')]: 'retrying',
          [total('sortie_issues_waiting')]: 'waiting',
        },
      },
      {
        title: 'Parked, by reason',
        description: 'Each waits for a person, or for the time in its "until".',
        unit: 'short',
        width: 12,
        stack: true,
        queries: { [`sum by (reason) (sortie_issues_parked{${ON}})`]: '{{reason}}' },
      },
    ],
  },
  {
    title: 'What holds dispatch back',
    panels: [
      {
        title: 'Pauses',
        unit: 'bool_on_off',
        queries: { [`max by (reason) (sortie_dispatch_paused{${ON}})`]: '{{reason}}' },
      },
      {
        title: "Operator's word",
        unit: 'bool_on_off',
        queries: { [`max by (mode) (sortie_dispatch_mode{${ON}})`]: '{{mode}}' },
      },
      { title: 'Breaker', unit: 'bool_on_off', queries: { [`max(sortie_breaker_open{${ON}})`]: 'open' } },
      {
        title: 'Waiting for review',
        description: 'Issues in the handoff state against tracker.max_in_handoff; empty without a limit.',
        unit: 'short',
        queries: { [total('sortie_handoff_issues')]: 'in review', [total('sortie_handoff_limit')]: 'limit' },
      },
      {
        title: 'Tracker asks to wait',
        unit: 's',
        queries: { [`max(sortie_tracker_throttled_seconds{${ON}})`]: 'seconds left' },
      },
      {
        title: 'Operators acted',
        unit: 'short',
        queries: {
          [`sum by (control) (increase(sortie_operator_actions_total{${ON}}[$__rate_interval]))`]:
            '{{control}}',
        },
      },
    ],
  },
  {
    title: 'Runs',
    panels: [
      {
        title: 'Dispatches',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_dispatches_total', 'outcome')}`]: '{{outcome}}' },
      },
      {
        title: 'Ends',
        unit: 'cpm',
        stack: true,
        queries: { [`60 * ${rate('sortie_worker_exits_total', 'exit_type')}`]: '{{exit_type}}' },
      },
      {
        title: 'Share of runs that end well',
        unit: 'percentunit',
        queries: {
          [`${rate('sortie_worker_exits_total', '', ',exit_type="normal"').replace('sum by ()', 'sum')} / ${rate('sortie_worker_exits_total', '').replace('sum by ()', 'sum')}`]:
            'normal',
        },
      },
      {
        title: 'Run duration',
        unit: 's',
        queries: {
          [quantile(0.5, 'sortie_worker_duration_seconds', 'exit_type')]: 'p50 {{exit_type}}',
          [quantile(0.95, 'sortie_worker_duration_seconds', 'exit_type')]: 'p95 {{exit_type}}',
        },
      },
      {
        title: 'Retries',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_retries_total', 'trigger')}`]: '{{trigger}}' },
      },
      {
        title: 'Agents at work',
        description: 'Seconds of running agents a second, and the ages of those that run now.',
        unit: 'short',
        queries: {
          [rate('sortie_agent_runtime_seconds_total', '').replace('sum by ()', 'sum')]: 'ended runs',
          [total('sortie_active_sessions_elapsed_seconds')]: 'age of running sessions (s)',
        },
      },
      {
        title: 'Tokens',
        unit: 'short',
        queries: { [`60 * ${rate('sortie_tokens_total', 'type')}`]: '{{type}} a minute' },
      },
      {
        title: 'Tool calls',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_tool_calls_total', 'tool, result')}`]: '{{tool}} {{result}}' },
      },
      {
        title: 'Reconciled',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_reconciliation_actions_total', 'action')}`]: '{{action}}' },
      },
    ],
  },
  {
    title: 'Tracker',
    panels: [
      {
        title: 'Ticks',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_poll_cycles_total', 'result')}`]: '{{result}}' },
      },
      {
        title: 'Tick duration',
        unit: 's',
        queries: {
          [quantile(0.5, 'sortie_poll_duration_seconds')]: 'p50',
          [quantile(0.95, 'sortie_poll_duration_seconds')]: 'p95',
        },
      },
      {
        title: 'Requests',
        unit: 'cpm',
        queries: {
          [`60 * ${rate('sortie_tracker_requests_total', 'operation, result')}`]: '{{operation}} {{result}}',
        },
      },
      {
        title: 'Moves to in progress',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_dispatch_transitions_total', 'result')}`]: '{{result}}' },
      },
      {
        title: 'Handoffs',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_handoff_transitions_total', 'result')}`]: '{{result}}' },
      },
      {
        title: 'Comments',
        unit: 'cpm',
        queries: {
          [`60 * ${rate('sortie_tracker_comments_total', 'lifecycle, result')}`]: '{{lifecycle}} {{result}}',
        },
      },
    ],
  },
  {
    title: 'What agents write',
    panels: [
      {
        title: 'Waiting for a person',
        unit: 'short',
        queries: {
          [`max(sortie_approvals_pending{${ON}})`]: 'proposals',
          [`max(sortie_outbox_open{${ON}})`]: 'writes',
        },
      },
      {
        title: 'Proposals',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_approvals_total', 'status')}`]: '{{status}}' },
      },
      {
        title: 'Writes',
        unit: 'cpm',
        queries: {
          [`60 * ${rate('sortie_outbox_writes_total', 'operation, result')}`]: '{{operation}} {{result}}',
        },
      },
      {
        title: 'Audit entries',
        unit: 'cpm',
        queries: { [`60 * sum(rate(sortie_audit_entries_total{${ON}}[$__rate_interval]))`]: 'entries' },
      },
    ],
  },
  {
    title: 'The process',
    panels: [
      {
        title: 'Notifications',
        unit: 'cpm',
        queries: { [`60 * ${rate('sortie_notifications_total', 'kind, result')}`]: '{{kind}} {{result}}' },
      },
      {
        title: 'Memory',
        unit: 'bytes',
        queries: { [`sum(process_resident_memory_bytes{${ON},job=~"sortie.*"})`]: 'resident' },
      },
      {
        title: 'Event loop delay',
        unit: 's',
        queries: { [`max(nodejs_eventloop_lag_p99_seconds{${ON},job=~"sortie.*"})`]: 'p99' },
      },
    ],
  },
];

const PANEL_HEIGHT = 8;
const STAT_HEIGHT = 4;
const COLUMNS = 24;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Row by row, left to right: Grafana wants the place of each panel. */
function place(): object[] {
  const placed: object[] = [];
  let id = 1;
  let top = 0;
  for (const row of rows) {
    placed.push({
      id: id++,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: COLUMNS, h: 1 },
      panels: [],
    });
    top += 1;
    let left = 0;
    let height = 0;
    for (const panel of row.panels) {
      const width = panel.width ?? 8;
      if (left + width > COLUMNS) {
        top += height;
        left = 0;
        height = 0;
      }
      const h = panel.kind === 'stat' ? STAT_HEIGHT : PANEL_HEIGHT;
      placed.push(panelOf(panel, id++, { x: left, y: top, w: width, h }));
      left += width;
      height = Math.max(height, h);
    }
    top += height;
  }
  return placed;
}

function panelOf(panel: Panel, id: number, gridPos: object): object {
  const { title, description, unit, queries, kind = 'timeseries', stack = false } = panel;
  return {
    id,
    type: kind,
    title,
    ...(description === undefined ? {} : { description }),
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(kind === 'timeseries'
          ? {
              custom: {
                lineWidth: 1,
                fillOpacity: stack ? 30 : 8,
                showPoints: 'never',
                stacking: { mode: stack ? 'normal' : 'none', group: 'A' },
              },
            }
          : {}),
      },
      overrides: [],
    },
    options:
      kind === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'none', textMode: 'value_and_name' }
        : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: Object.entries(queries).map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat,
      ...(kind === 'stat' ? { instant: true } : {}),
    })),
  };
}

/** Every query on the board. */
export function boardQueries(): readonly string[] {
  return rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => Object.keys(queries)));
}

export function generateGrafanaDashboard(): Promise<readonly GeneratedFile[]> {
  const board = {
    uid: 'sortie',
    title: 'Sortie',
    description:
      'Tickets to supervised coding-agent runs. Made by `npm run docs`; covers every metric in docs/metrics.md.',
    tags: ['sortie'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source', current: {} },
        {
          name: 'instance',
          type: 'query',
          label: 'Daemon',
          datasource: DATASOURCE,
          query: { query: 'label_values(sortie_build_info, instance)', refId: 'instances' },
          refresh: 2,
          multi: true,
          includeAll: true,
          allValue: '.*',
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    panels: place(),
  };
  return Promise.resolve([
    { path: 'docs/operations/grafana-dashboard.json', text: `${JSON.stringify(board, null, 2)}\n` },
  ]);
}
