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
}

export interface HistoryRun extends Named {
  readonly run_id: string;
  readonly attempt: number;
  readonly status: string | null;
  readonly error: string | null;
  readonly evidence: string | null;
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly turns_completed: number;
  readonly tokens: Tokens;
  readonly cost_usd: number | null;
  readonly cost_estimated: boolean;
}
