// The state as lines for a terminal. Pure: state, time and width in, text out. Sections without anything in them are
// left out; what is wrong comes first.

import { countOf, oneField } from './command-line.ts';
import { duration, money, table, tokens } from './table.ts';

/** The API's state, as far as it is printed. */
export interface Status {
  readonly mode: string;
  readonly dispatch: {
    readonly mode: string;
    readonly by: string;
    readonly reason: string;
    readonly since: string | null;
    readonly drained: boolean;
  };
  readonly slots: { readonly limit: number; readonly used: number };
  readonly counts: { readonly running: number; readonly retrying: number; readonly parked: number };
  readonly running: readonly {
    readonly issue_identifier: string;
    readonly title: string;
    readonly phase: string;
    readonly attempt: number;
    readonly turn_count: number;
    readonly started_at: string;
    readonly last_message: string;
    readonly tokens: { readonly total_tokens: number };
    readonly cost_usd: number | null;
    readonly cost_estimated: boolean;
    readonly agent_kind: string;
  }[];
  readonly retrying: readonly {
    readonly issue_identifier: string;
    readonly attempt: number;
    readonly due_at: string;
    readonly error: string | null;
    readonly title: string;
  }[];
  readonly parked: readonly {
    readonly issue_identifier: string;
    readonly reason: string;
    readonly detail: string;
    readonly parked_at: string;
    readonly until: string | null;
  }[];
  readonly waiting: readonly {
    readonly issue_identifier: string;
    readonly verdict: string;
    readonly detail: string;
    readonly since: string;
  }[];
  readonly waiting_total: number;
  readonly pauses: readonly {
    readonly reason: string;
    readonly detail: string;
    readonly until: string | null;
  }[];
  readonly handoff: { readonly limit: number; readonly count: number } | null;
  /** Absent of daemons without them. */
  readonly approvals_pending?: number;
  readonly tracker: {
    readonly error: { readonly at: string; readonly message: string } | null;
    readonly throttles: readonly {
      readonly scope: string;
      readonly until: string;
      readonly reason: string;
    }[];
  };
  readonly today: { readonly cost_usd: number; readonly tokens: { readonly total_tokens: number } };
  readonly budget: { readonly max_tokens_per_day: number | null; readonly max_usd_per_day: number | null };
  readonly preflight_problems: readonly string[];
  readonly reload_error: string | null;
  readonly last_tick: { readonly at: string; readonly result: string; readonly error: string | null } | null;
}

/** What an answer must have to be one of these. */
export const STATUS_FIELDS = [
  'mode',
  'dispatch',
  'slots',
  'counts',
  'running',
  'retrying',
  'parked',
  'waiting',
  'pauses',
  'handoff',
  'tracker',
  'today',
  'budget',
] as const;

const WAITING_SHOWN = 20;

export function statusText(state: Status, nowMs: number, width = Infinity): string {
  const sections = [
    summary(state, nowMs),
    running(state, nowMs, width),
    retrying(state, nowMs, width),
    parked(state, nowMs, width),
    waiting(state, nowMs, width),
  ];
  return sections.filter((text) => text !== '').join('\n');
}

function summary(state: Status, nowMs: number): string {
  const { counts, slots, last_tick: tick, tracker } = state;
  const lines = [
    `${modeOf(state)} · slots ${slots.used}/${slots.limit} · ${counts.running} running · ${counts.retrying} retrying · ` +
      `${counts.parked} parked · ${state.waiting_total} waiting`,
    `${todayText(state)}` +
      (state.handoff === null ? '' : ` · in review ${state.handoff.count}/${state.handoff.limit}`) +
      (tick === null ? '' : ` · last poll ${age(tick.at, nowMs)} ago: ${tick.result}`),
    ...(state.approvals_pending === undefined || state.approvals_pending === 0
      ? []
      : [`! ${countOf(state.approvals_pending, 'proposal')} of agents to decide: sortie approvals`]),
    ...state.pauses.map(
      ({ reason, detail, until }) => `! dispatch is held back (${reason})${said(detail)}${untilText(until)}`,
    ),
    ...(tick === null || tick.error === null || tick.error === ''
      ? []
      : [`! the last poll failed: ${tick.error}`]),
    ...(tracker.error === null
      ? []
      : [`! the tracker failed ${age(tracker.error.at, nowMs)} ago: ${tracker.error.message}`]),
    ...tracker.throttles.map(
      ({ scope, until, reason }) =>
        `! the tracker slows us down (${scope})${said(reason)}${untilText(until)}`,
    ),
    ...state.preflight_problems.map((problem) => `! preflight: ${problem}`),
    ...(state.reload_error === null ? [] : [`! WORKFLOW.md was not taken: ${state.reload_error}`]),
  ];
  return lines.map((line) => `${oneField(line)}\n`).join('');
}

function todayText({ today, budget }: Status): string {
  const { max_tokens_per_day: mostTokens, max_usd_per_day: mostUsd } = budget;
  const ofTokens = mostTokens === null ? '' : ` of ${tokens(mostTokens)}`;
  const ofUsd = mostUsd === null ? '' : ` of ${money(mostUsd, false)}`;
  return `today ${tokens(today.tokens.total_tokens)}${ofTokens} tokens, ${money(today.cost_usd, false)}${ofUsd}`;
}

function modeOf({ mode, dispatch }: Status): string {
  if (mode === 'recovering') return 'starting';
  if (mode !== 'running') return 'shutting down';
  if (dispatch.mode === 'running') return 'running';
  const who = dispatch.by === '' ? '' : ` by ${dispatch.by}`;
  return `${dispatch.drained ? 'drained' : dispatch.mode}${who}${said(dispatch.reason)}`;
}

function running({ running: rows }: Status, nowMs: number, width: number): string {
  if (rows.length === 0) return '';
  return table(
    ['RUNNING', 'PHASE', 'TRY', 'TURN', 'TIME', 'TOKENS', 'COST', 'AGENT', 'LAST'],
    rows.map((row) => [
      row.issue_identifier,
      row.phase,
      String(row.attempt),
      String(row.turn_count),
      age(row.started_at, nowMs),
      tokens(row.tokens.total_tokens),
      money(row.cost_usd, row.cost_estimated),
      row.agent_kind,
      row.last_message === '' ? row.title : row.last_message,
    ]),
    width,
  );
}

function retrying({ retrying: rows }: Status, nowMs: number, width: number): string {
  if (rows.length === 0) return '';
  return table(
    ['RETRYING', 'TRY', 'DUE', 'WHY'],
    rows.map((row) => {
      const leftMs = Date.parse(row.due_at) - nowMs;
      const due = leftMs < 1_000 ? 'now' : `in ${duration(leftMs)}`;
      return [row.issue_identifier, String(row.attempt), due, row.error ?? row.title];
    }),
    width,
  );
}

function parked({ parked: rows }: Status, nowMs: number, width: number): string {
  if (rows.length === 0) return '';
  return table(
    ['PARKED', 'REASON', 'FOR', 'DETAIL'],
    rows.map((row) => [
      row.issue_identifier,
      row.reason,
      age(row.parked_at, nowMs),
      `${row.detail}${untilText(row.until)}`.trimStart(),
    ]),
    width,
  );
}

function waiting({ waiting: rows, waiting_total: total }: Status, nowMs: number, width: number): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, WAITING_SHOWN);
  const more = total > shown.length ? `… ${total - shown.length} more\n` : '';
  const lines = table(
    ['WAITING', 'VERDICT', 'FOR', 'DETAIL'],
    shown.map((row) => [row.issue_identifier, row.verdict, age(row.since, nowMs), row.detail]),
    width,
  );
  return lines + more;
}

function age(time: string, nowMs: number): string {
  return duration(nowMs - Date.parse(time));
}

function said(text: string): string {
  return text === '' ? '' : `: ${text}`;
}

function untilText(until: string | null): string {
  return until === null ? '' : ` until ${until}`;
}
