// The wire of what agents may do: approvals, outbox, audit, tools and policy. Server and page both follow it; fields are
// only ever added. `details` and `modifiedDetails` keep the names of the tools' parameters (seed of the API: camelCase).

export type WireJson = null | boolean | number | string | readonly WireJson[] | WireJsonMap;
export interface WireJsonMap {
  readonly [key: string]: WireJson;
}

export interface SeenIssue {
  readonly at: string;
  readonly state: string;
  readonly updated_at: string;
  readonly fields: Readonly<Record<string, string | readonly string[] | null>>;
}

export interface Approval {
  readonly id: string;
  readonly action: string;
  readonly summary: string;
  readonly details: WireJsonMap;
  readonly before: SeenIssue | null;
  readonly status: 'pending' | 'approved' | 'rejected' | 'expired';
  /** "" = anybody who may use the API. */
  readonly group: string;
  readonly rule: string;
  readonly run_id: string;
  readonly issue_identifier: string;
  /** null = a new issue is made. */
  readonly target_identifier: string | null;
  readonly requested_at: string;
  readonly expires_at: string;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  readonly modifiedDetails: WireJsonMap | null;
  readonly decisionNote: string;
  readonly result: {
    readonly status: 'applying' | 'done' | 'partly' | 'refused' | 'failed';
    readonly message: string;
    readonly issues: readonly string[];
  } | null;
  /** Whether whoever asks may decide it. */
  readonly may_decide: boolean;
}

/** `GET /api/v1/approvals?status&identifier&run_id&limit&cursor`; one: `GET /api/v1/approvals/{id}`. */
export interface Approvals {
  readonly approvals: readonly Approval[];
  readonly next_cursor: string | null;
}

/**
 * `POST /api/v1/approvals/{id}`; answers 200 with the Approval, 404 `approval_not_found`, 409 `already_decided`,
 * 403 `not_in_group`, 422 `policy_denied` or `invalid_details`, 502 `tracker_failed`, 503 `store_failed`.
 */
export interface Decision {
  readonly status: 'approved' | 'rejected';
  /** Replaces these fields of `details`; null takes one out. */
  readonly modifiedDetails?: WireJsonMap | undefined;
  readonly decisionNote?: string | undefined;
}

/** `GET /api/v1/outbox?status=open|all|waiting|…&identifier&limit&cursor`. */
export interface Outbox {
  readonly writes: readonly OutboxWrite[];
  readonly next_cursor: string | null;
}
export interface OutboxWrite {
  readonly id: string;
  readonly seq: number;
  readonly operation: string;
  readonly origin: 'orchestrator' | 'agent';
  readonly run_id: string | null;
  readonly issue_identifier: string;
  /** The issue of the run, which may be another one; null = no run's. */
  readonly run_issue_identifier: string | null;
  readonly approval_id: string | null;
  readonly status: 'waiting' | 'sending' | 'unsure' | 'done' | 'refused' | 'failed' | 'cancelled';
  readonly tries: number;
  readonly requested_at: string;
  readonly sent_at: string | null;
  readonly due_at: string | null;
  readonly ended_at: string | null;
  readonly detail: string;
  /** What it says, e.g. `to Done`; never whole texts. */
  readonly summary: string;
  readonly result: { readonly issue_identifier: string | null; readonly url: string | null } | null;
}

/** `GET /api/v1/audit?after&limit`: `lines` are the stored JSON texts, each with its `hash` added as the last field. */
export interface Audit {
  readonly lines: readonly string[];
  /** Give it as `after` for the next page; null = that was all. */
  readonly next_after: number | null;
}

/** `GET /api/v1/audit/head`. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** `GET /api/v1/audit/verify`. */
export interface AuditVerdict {
  readonly intact: boolean;
  readonly entries: number | null;
  readonly first_seq: number | null;
  readonly head: AuditHead | null;
  /** The first entry that is wrong or missing. */
  readonly broken_at: number | null;
  readonly problem: string | null;
}

/** `GET /api/v1/tools`; `POST /api/v1/tools/refresh` reads the site's schema anew (202 with `ok` and `message`). */
export interface Tools {
  readonly enabled: boolean;
  readonly url: string | null;
  readonly schema_at: string | null;
  readonly schema_error: string | null;
  readonly tools: readonly {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly input: WireJsonMap;
    readonly operations: readonly string[];
  }[];
  readonly read_default: string;
  readonly write_default: string;
  readonly rules: readonly {
    readonly number: number;
    readonly name: string;
    readonly operations: readonly string[];
    readonly decision: string;
    readonly group: string;
    readonly to: readonly string[] | null;
    readonly when: Readonly<Record<string, readonly string[]>>;
    /** e.g. `5/run`; null = none. */
    readonly limit: string | null;
  }[];
  readonly projects: readonly string[];
}

/** `POST /api/v1/tools/policy` with `{operation, details, issue_identifier}`: what the policy says; changes nothing. */
export interface PolicyAnswer {
  readonly decision: string;
  readonly rule: string;
  readonly group: string;
  /** The rule's limit that is used up, so that it is refused for now, e.g. `5/run`; null = none. */
  readonly limit_exceeded?: string | null;
}

/** `GET /api/v1/me`: who asks. `groups` null = every group. */
export interface Me {
  readonly name: string;
  readonly groups: readonly string[] | null;
  /** By a session of the page, which `POST /logout` ends. */
  readonly signed_in: boolean;
}
