// A proposal as lines for a terminal: what it is, and field by field what is there, what the agent asks for, and what a
// person made of it. Pure; every line is cleaned.

import type { JsonMap, Json } from '../contract/tool-operations.ts';
import { oneField } from './command-line.ts';

/** The API's answer, as far as it is printed. */
export interface ShownApproval {
  readonly id: string;
  readonly action: string;
  readonly summary: string;
  readonly details: JsonMap;
  readonly before: { readonly state: string; readonly fields: JsonMap } | null;
  readonly status: string;
  readonly group: string;
  readonly rule: string;
  readonly run_id: string;
  readonly issue_identifier: string;
  readonly requested_at: string;
  readonly expires_at: string;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  readonly modifiedDetails: JsonMap | null;
  readonly decisionNote: string;
  readonly result: {
    readonly status: string;
    readonly message: string;
    readonly issues: readonly string[];
  } | null;
  readonly may_decide: boolean;
}

export const APPROVAL_FIELDS = [
  'id',
  'action',
  'summary',
  'details',
  'status',
  'group',
  'rule',
  'issue_identifier',
  'requested_at',
  'expires_at',
] as const;

export function approvalText(approval: ShownApproval): string {
  const { decided_at: decidedAt, result } = approval;
  const lines = [
    `${approval.id}: ${approval.status}`,
    `  ${approval.action}: ${approval.summary}`,
    `  asked by the run ${approval.run_id} of ${approval.issue_identifier} at ${approval.requested_at}`,
    `  because of ${approval.rule}; decided by ${approval.group === '' ? 'anybody' : `the group ${approval.group}`}`,
    decidedAt === null
      ? `  expires at ${approval.expires_at}${approval.may_decide ? '' : '; you may not decide it'}`
      : `  ${approval.status} by ${approval.decided_by ?? '?'} at ${decidedAt}`,
    ...(approval.decisionNote === '' ? [] : [`  note: ${approval.decisionNote}`]),
    ...(result === null ? [] : [`  ${resultText(result)}`]),
    '',
    ...changeLines(approval).map((line) => `  ${line}`),
  ];
  return lines.map((line) => `${oneField(line).trimEnd()}\n`).join('');
}

export function resultText({ status, message, issues }: NonNullable<ShownApproval['result']>): string {
  const made = issues.length === 0 ? '' : ` (${issues.join(', ')})`;
  return `${status}: ${message}${made}`;
}

/** Longer texts, and those of several lines, stand below their name. */
const LONGEST_IN_LINE = 60;

interface Change {
  readonly name: string;
  /** undefined = not known, or nothing was there to compare with. */
  readonly before: string | undefined;
  readonly asked: string | undefined;
  readonly final: string | undefined;
}

export function changeLines(approval: ShownApproval): string[] {
  const changes = changesOf(approval);
  const widest = Math.min(32, Math.max(0, ...changes.map(({ name }) => name.length)));
  return changes.flatMap((change) => linesOf(change, widest));
}

function changesOf({ details, modifiedDetails, before }: ShownApproval): Change[] {
  const edited: Record<string, Json> = { ...details, ...modifiedDetails };
  for (const [name, value] of Object.entries(modifiedDetails ?? {})) if (value === null) delete edited[name];
  const [asked, final] = [flat(details), flat(edited)];
  return [...new Set([...asked.keys(), ...final.keys()])].map((name) => ({
    name,
    before: beforeOf(name, before),
    asked: asked.get(name),
    final: final.get(name),
  }));
}

function beforeOf(name: string, before: ShownApproval['before']): string | undefined {
  if (before === null) return undefined;
  if (name === 'to') return before.state;
  return Object.hasOwn(before.fields, name) ? textOf(before.fields[name] ?? null) : undefined;
}

/** Leaves by their path, as `--set` takes it; a list of plain values is one. */
function flat(value: JsonMap): Map<string, string> {
  const leaves = new Map<string, string>();
  const walk = (item: Json, path: string): void => {
    const inner = typeof item === 'object' && item !== null ? Object.values(item as JsonMap) : [];
    const isTree = Array.isArray(item) ? inner.some(isObject) : inner.length > 0;
    if (!isTree) leaves.set(path, textOf(item));
    else for (const [name, part] of Object.entries(item as JsonMap)) walk(part, `${path}.${name}`);
  };
  for (const [name, item] of Object.entries(value)) walk(item, name);
  return leaves;
}

function isObject(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function textOf(value: Json): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '(none)';
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function linesOf({ name, before, asked, final }: Change, widest: number): string[] {
  const texts = [before, asked, final].filter((text) => text !== undefined);
  const wasEdited = asked !== final;
  const to = final ?? '(left out)';
  if (texts.every((text) => text.length <= LONGEST_IN_LINE && !text.includes('\n'))) {
    const from = before === undefined || before === to ? '' : `${before} → `;
    const same = before !== undefined && before === to ? '  (as it is)' : '';
    const instead = wasEdited ? `  (asked for: ${asked ?? 'nothing'})` : '';
    return [`${name.padEnd(widest)}  ${from}${to}${same}${instead}`];
  }
  return [
    `${name}:`,
    ...(wasEdited && asked !== undefined ? marked('? ', asked, undefined) : []),
    ...(before === undefined ? [] : marked('- ', before, to)),
    ...marked('+ ', to, before),
  ];
}

/** Lines at the beginning and at the end that are in `other`, too, are left out of a change. */
function marked(mark: string, text: string, other: string | undefined): string[] {
  const lines = text.split(/\r\n|[\n\r]/);
  const others = other?.split(/\r\n|[\n\r]/) ?? [];
  let start = 0;
  while (start < lines.length && start < others.length && lines[start] === others[start]) start += 1;
  let end = 0;
  while (
    end < lines.length - start &&
    end < others.length - start &&
    lines[lines.length - 1 - end] === others[others.length - 1 - end]
  ) {
    end += 1;
  }
  return lines.slice(start, lines.length - end).map((line) => `  ${mark}${line}`);
}
