// The part of the wire's shapes that the page reads. The server's schemas are the source; a test holds
// these types to them, because the page imports nothing of the server. Codes are plain strings here: a page
// that stayed open over an upgrade shows a code that it does not know in the code's own words.

export interface Tokens {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly cache_read_tokens: number;
}

interface Named {
  readonly issue_id: string;
  readonly issue_identifier: string;
  readonly title: string;
}

export interface Running extends Named {
  readonly run_id: string | null;
  readonly state: string;
  readonly phase: string;
  readonly attempt: number;
  readonly turn_count: number;
  readonly last_message: string;
  readonly started_at: string;
  readonly agent_kind: string;
  readonly model_name: string;
  readonly tokens: Tokens;
  readonly tools: readonly string[];
  readonly last_event: string | null;
  readonly last_event_at: string | null;
  readonly session_id: string | null;
  readonly workspace_path: string | null;
  readonly cost_usd: number | null;
  readonly cost_estimated: boolean;
}

export interface Retrying extends Named {
  readonly attempt: number;
  readonly due_at: string;
  readonly error: string | null;
  readonly trigger: string;
}

export interface Parked extends Named {
  readonly reason: string;
  readonly detail: string;
  readonly parked_at: string;
  readonly until: string | null;
  readonly ends_on: readonly string[];
}

/** Read and not started. */
export interface Waiting extends Named {
  readonly verdict: string;
  readonly detail: string;
  readonly since: string;
  readonly as_of: string;
}

export interface Pause {
  readonly reason: string;
  readonly agent_kind: string | null;
  readonly detail: string;
  readonly until: string | null;
}

export interface State {
  readonly generated_at: string;
  readonly mode: 'recovering' | 'running' | 'draining';
  readonly counts: { readonly running: number; readonly retrying: number; readonly parked: number };
  readonly slots: { readonly limit: number; readonly used: number };
  readonly running: readonly Running[];
  readonly retrying: readonly Retrying[];
  readonly parked: readonly Parked[];
  readonly waiting: readonly Waiting[];
  /** `waiting` holds at most 200 of them. */
  readonly waiting_total: number;
  readonly dispatch: {
    readonly mode: 'running' | 'paused' | 'draining';
    readonly by: string;
    readonly reason: string;
    /** null = never changed. */
    readonly since: string | null;
    readonly drained: boolean;
  };
  readonly handoff: { readonly limit: number; readonly count: number; readonly as_of: string } | null;
  readonly tracker: {
    readonly error: { readonly at: string; readonly message: string } | null;
    readonly throttles: readonly {
      readonly scope: string;
      readonly until: string;
      readonly reason: string;
    }[];
  };
  readonly today: { readonly day: string; readonly tokens: Tokens; readonly cost_usd: number };
  /** Limits of the day; null = none. */
  readonly budget: { readonly max_tokens_per_day: number | null; readonly max_usd_per_day: number | null };
  readonly rate_limits: readonly {
    readonly agent_kind: string;
    readonly at: string;
    readonly windows: readonly {
      readonly name: string;
      readonly used_percent: number | null;
      readonly resets_at: string | null;
    }[];
  }[];
  readonly pauses: readonly Pause[];
  readonly agent_totals: Tokens & { readonly seconds_running: number };
  readonly active_estimated_cost_usd: number | null;
  readonly last_tick: {
    readonly at: string;
    readonly result: string;
    readonly error: string | null;
  } | null;
  readonly preflight_problems: readonly string[];
  readonly reload_error: string | null;
  /** When the settings in force were read; changes with each reload that went well. */
  readonly workflow_loaded_at: string | null;
  /** Since the daemon's start; rises with every run that ends. */
  readonly runs_ended: number;
  /** Proposals that wait for a person, and writes that have not ended. */
  readonly approvals_pending: number;
  readonly outbox_open: number;
}

export interface HistoryRun extends Named {
  readonly run_id: string;
  readonly attempt: number;
  readonly status: string | null;
  readonly error: string | null;
  readonly evidence: string | null;
  readonly agent_kind: string;
  readonly session_id: string | null;
  readonly workspace_path: string | null;
  /** The tracker's page; null = unknown. */
  readonly issue_url: string | null;
  readonly issue_state: string | null;
  readonly labels: readonly string[];
  readonly started_at: string;
  readonly completed_at: string | null;
  /** How long its agent ran; 0 also when nobody knows, or it never began (`interrupted`, `cancelled`). */
  readonly seconds_running: number;
  readonly turns_completed: number;
  readonly tokens: Tokens;
  readonly cost_usd: number | null;
  readonly cost_estimated: boolean;
}

/** `GET /api/v1/history?limit&cursor&identifier&status&agent&state&text&since&until`. */
export interface History {
  readonly runs: readonly HistoryRun[];
  readonly next_cursor: string | null;
}

/** `GET /api/v1/issues/{identifier}`. */
export interface IssueAnswer {
  readonly issue_id: string;
  readonly issue_identifier: string;
  readonly status: 'running' | 'retrying' | 'parked' | 'released';
  readonly title: string | null;
  readonly state: string | null;
  readonly url: string | null;
  readonly verdict: {
    readonly verdict: string;
    readonly detail: string;
    readonly since: string;
    readonly as_of: string;
  } | null;
  readonly workspace: { readonly path: string } | null;
  readonly attempts: { readonly current: number | null; readonly sessions_used: number };
  readonly running: Running | null;
  readonly retry: Retrying | null;
  readonly park: Parked | null;
  readonly recent_events: readonly {
    readonly at: string;
    readonly event: string;
    readonly message: string;
  }[];
  readonly last_error: string | null;
  /** What an operator may do now: names of controls. */
  readonly controls: readonly string[];
}

/** `GET /api/v1/issues/{identifier}/explain`. */
export interface Explanation {
  readonly issue_id: string | null;
  readonly issue_identifier: string;
  readonly verdict: string;
  readonly detail: string;
  readonly since: string | null;
  readonly as_of: string;
  readonly ends_on: readonly string[];
  /** What an operator may say of it now: names of controls. */
  readonly controls: readonly string[];
}

/** `GET /api/v1/issues/{identifier}/timeline?limit&before`: oldest first. */
export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  /** Give it as `before` for the page before this one; null = there is none. */
  readonly before: number | null;
}
export interface TimelineEntry {
  readonly seq: number;
  readonly at: string;
  readonly run_id: string | null;
  readonly attempt: number | null;
  readonly kind: string;
  readonly name: string;
  readonly detail: string;
  readonly duration_seconds: number | null;
  readonly ok: boolean | null;
}

/** `GET /api/v1/runs/{run_id}/prompts`. */
export interface Prompts {
  readonly prompts: readonly {
    readonly turn: number;
    readonly at: string;
    readonly text: string;
    readonly cut: boolean;
  }[];
}

/** One record of `GET /api/v1/runs/{run_id}/transcript?after&follow` (server-sent `event: line`). */
export interface TranscriptLine {
  readonly seq: number;
  readonly at: string;
  readonly turn: number;
  readonly stream: string;
  readonly line: string;
}

/** `GET /api/v1/stats?since&until&bucket=hour|day|week|none&group=none|agent|label|status`. */
export interface Stats {
  readonly since: string;
  readonly until: string;
  readonly bucket_seconds: number | null;
  readonly rows: readonly StatsRow[];
}
export interface StatsRow {
  readonly start: string;
  readonly group: string;
  readonly runs: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly tokens: Tokens;
  readonly cost_usd: number;
  readonly cost_estimated: boolean;
  /** Runs whose cost nobody knows; they are not in `cost_usd`. */
  readonly unpriced_runs: number;
  readonly seconds_total: number;
  readonly seconds_p50: number;
  readonly seconds_p95: number;
}

/** `GET /api/v1/samples?since&until&bucket=minute|hour|day`: queue lengths, tracker requests, polls. */
export interface Samples {
  readonly bucket_seconds: number;
  readonly rows: readonly {
    readonly at: string;
    readonly running: number;
    readonly retrying: number;
    readonly parked: number;
    readonly waiting: number;
    readonly tracker_requests: number;
    readonly tracker_errors: number;
    readonly polls: number;
    readonly poll_seconds_mean: number | null;
    readonly poll_seconds_max: number;
  }[];
}

/** `GET /api/v1/settings`. */
export interface SettingsAnswer {
  readonly workflow_path: string;
  readonly loaded_at: string | null;
  readonly reload_error: string | null;
  readonly reload_failed_at: string | null;
  readonly settings: readonly {
    readonly key: string;
    readonly value: string;
    readonly source: string;
    readonly place: string;
  }[];
}

/** `GET /readyz`, as far as the page reads it. */
export interface ReadinessAnswer {
  readonly status: 'pass' | 'warn' | 'fail';
  readonly version: string;
  readonly uptime_seconds: number;
  readonly checks: {
    readonly database: string;
    readonly preflight: string;
    readonly workflow: string;
  };
  readonly reload_error?: string | undefined;
}

/** `GET /api/v1/operator-actions?limit`: newest first. */
export interface OperatorActions {
  readonly actions: readonly {
    readonly at: string;
    readonly control: string;
    readonly issue_identifier: string | null;
    readonly by: string;
    readonly reason: string;
  }[];
}

/** 202 of a control: `POST /api/v1/{pause|resume|drain|refresh}`, `POST /api/v1/issues/{identifier}/{control}`. */
export interface ControlAccepted {
  readonly accepted: true;
  readonly control: string;
  readonly issue_identifier: string | null;
  readonly message: string;
}

/** Every error. */
export interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string };
}
