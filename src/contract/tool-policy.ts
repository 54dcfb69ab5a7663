// What agents may do by themselves, what a person must allow, and what nobody may do: settings as checked data. Rules
// are tried in order and the first that matches decides; where none does, the default for reads or for writes does.
// Matching is pure and lives in tool-policy-match.ts, deciding in src/tools/policy; here are the words.

import type { ToolOperation } from './tool-operations.ts';

export const TOOL_DECISIONS = ['allow', 'approve', 'deny'] as const;
export type ToolDecision = (typeof TOOL_DECISIONS)[number];

/** What `when` may ask about; which operations have it stands in docs/approvals.md. All compare without case. */
export const CONDITION_FIELDS = [
  /** `own`: the run's issue; `other`: any other, and those that are yet to be made. */
  'issue',
  'project',
  'issue_type',
  'priority',
  /**
   * Holds when any of the labels is listed; in a rule that allows, when all of them are: what is not listed is not
   * allowed along with what is. The same for `components` and `fields`.
   */
  'labels',
  'components',
  'assignee',
  'link_type',
  /** The fields that are given, e.g. `description`, `story points`. */
  'fields',
  /** The agent kind of the run. */
  'agent',
] as const;
export type ConditionField = (typeof CONDITION_FIELDS)[number];

export interface RuleLimit {
  readonly count: number;
  /** `run`; or the last hour or day of the whole daemon. */
  readonly per: 'run' | 'hour' | 'day';
}

export interface ToolRule {
  /** Place among the rules, from 1: how answers, logs and people name it (`rule 3`). */
  readonly number: number;
  /** People's own word for it; "" = none. */
  readonly name: string;
  readonly operations: readonly ToolOperation[];
  readonly decision: ToolDecision;
  /** With `approve`: who may decide; "" = anybody who may use the API. */
  readonly group: string;
  /** Target states or transition names of `transition_issue`, lower-cased; null = any. */
  readonly to: readonly string[] | null;
  /** Every field must hold; the values of one are alternatives, lower-cased. */
  readonly when: Readonly<Partial<Record<ConditionField, readonly string[]>>>;
  /** Once it is used up, what matches is refused with `limit_exceeded`; null = none. */
  readonly limit: RuleLimit | null;
}

export interface ToolSettings {
  /** False: agents are given no tools at all. */
  readonly enabled: boolean;
  readonly readDefault: ToolDecision;
  readonly writeDefault: ToolDecision;
  readonly rules: readonly ToolRule[];
  /** Keys of the projects that tools may touch, upper-cased; [] = the configured one, `*` = all. */
  readonly projects: readonly string[];
  readonly approval: {
    /** From the proposal until nobody may decide any more. */
    readonly timeoutMs: number;
    readonly onTimeout: 'expire' | 'reject';
    /** How long the call that asked waits for the decision before it answers `pending`. */
    readonly waitMs: number;
  };
  /** Messages of `notify_operator` a run may send. */
  readonly maxMessagesPerRun: number;
  /** Calls a run may make in any minute. */
  readonly callsPerMinute: number;
  /** Audit entries older than this are forgotten, behind a checkpoint; 0 = kept for ever. */
  readonly auditRetentionDays: number;
}

/** What the policy says to one action, and why. */
export interface PolicyVerdict {
  readonly decision: ToolDecision;
  /** `rule 3`, `rule 3 (leads)`, `default for writes`…: in the answer, the log, the audit and `explain`. */
  readonly rule: string;
  /** 0 = a default. */
  readonly ruleNumber: number;
  readonly group: string;
  /** Not null: the rule allows (or asks), but its limit is used up. */
  readonly limitExceeded: RuleLimit | null;
}

/** Somebody who may use the API by a token of his own. */
export interface ServerUser {
  readonly name: string;
  /** Secret. */
  readonly token: string;
  readonly groups: readonly string[];
}

/** Who asks over the API. */
export interface Person {
  /** `operator`, or a user's name. */
  readonly name: string;
  /** null = every group: nobody is configured, and who may reach us is the operator. */
  readonly groups: readonly string[] | null;
}
