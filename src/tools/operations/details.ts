// The details of each writing operation as strict schemas: the same for what a tool came down to and for what a person
// made of it. Unknown fields, wrong types and what is over a limit are refused; nothing is guessed or converted.

import { z } from 'zod';
import { ToolFault } from '../../contract/agent-tools.ts';
import type {
  Json,
  JsonMap,
  WriteAction,
  WriteDetails,
  WriteOperation,
} from '../../contract/tool-operations.ts';

export const TEXT_LIMIT_CHARACTERS = 32 * 1024;
export const LIST_LIMIT = 100;
export const ISSUES_LIMIT = 50;
const LINE_LIMIT = 255;

const line = z
  .string()
  .min(1)
  .max(LINE_LIMIT)
  .regex(/\S/u, 'is blank')
  .regex(/^[^\r\n]*$/u, 'must be one line');
const text = z.string().max(TEXT_LIMIT_CHARACTERS);
const body = text.min(1).regex(/\S/u, 'is blank');
const lines = z.array(line).max(LIST_LIMIT);
const someLines = lines.min(1);
const customFields = z
  .record(line, z.json())
  .refine(
    (fields) => Object.keys(fields).length <= LIST_LIMIT,
    `has over ${LIST_LIMIT} fields`,
  ) as z.ZodType<JsonMap>;

const shared = {
  assignee: line.optional(),
  priority: line.optional(),
  labels: lines.optional(),
  components: lines.optional(),
  customFields: customFields.optional(),
};
const newIssue = {
  ...shared,
  summary: line,
  description: text.optional(),
  issueType: line.optional(),
  parentKey: line.optional(),
};
const issueKey = line;

export const detailsSchemas: { readonly [Operation in WriteOperation]: z.ZodType<WriteDetails[Operation]> } =
  {
    create_issue: z.strictObject({ ...newIssue, projectKey: line, issueType: line }),
    create_issues: z
      .strictObject({
        ...shared,
        projectKey: line,
        issueType: line,
        parentKey: line.optional(),
        issueCount: z.int().min(1).max(ISSUES_LIMIT),
        issues: z.array(z.strictObject(newIssue)).min(1).max(ISSUES_LIMIT),
      })
      .refine(({ issueCount, issues }) => issueCount <= issues.length, {
        path: ['issueCount'],
        message: 'is more than `issues` holds',
      }),
    update_issue: z
      .strictObject({ ...shared, issueKey, summary: line.optional(), description: text.optional() })
      .refine(
        (details) => Object.keys(details).some((name) => name !== 'issueKey'),
        'changes nothing: give a field',
      ) as z.ZodType<WriteDetails['update_issue']>,
    transition_issue: z.strictObject({ issueKey, to: line, comment: body.optional() }),
    add_comment: z.strictObject({ issueKey, body }),
    add_worklog: z.strictObject({ issueKey, timeSpent: line, comment: text.optional() }),
    link_issues: z.strictObject({ issueKey, targetIssueKey: line, linkType: line }),
    add_labels: z.strictObject({ issueKey, labels: someLines }),
    remove_labels: z.strictObject({ issueKey, labels: someLines }),
    assign_issue: z.strictObject({ issueKey, assignee: line.nullable() }),
    add_watcher: z.strictObject({ issueKey, watcher: line }),
  };

/** Throws ToolFault `invalid_arguments`, or `too_large` when a limit alone is the problem. */
export function checkAction(operation: WriteOperation, details: unknown): WriteAction {
  const checked = detailsSchemas[operation].safeParse(counted(operation, details));
  if (!checked.success) throw faultOf(checked.error, operation);
  return { operation, details: withoutUndefined(checked.data) } as WriteAction;
}

/** What does not fit, by the name of the field; at most five of them. */
export function faultOf({ issues }: z.ZodError, what: string): ToolFault {
  const onlyTooLarge = issues.every(({ code }) => code === 'too_big');
  const said = issues.slice(0, 5).map(({ path, message }) => {
    const place = path.map(String).join('.').slice(0, 100);
    return place === '' ? message : `${place}: ${message}`;
  });
  const more = issues.length > 5 ? `; and ${issues.length - 5} more` : '';
  const message = `${what}: ${said.join('; ')}${more}`.slice(0, 1000);
  return new ToolFault(onlyTooLarge ? 'too_large' : 'invalid_arguments', message);
}

/** `issueCount` may be left out: all of them. */
function counted(operation: WriteOperation, details: unknown): unknown {
  if (operation !== 'create_issues' || typeof details !== 'object' || details === null) return details;
  const { issueCount, issues } = details as { readonly issueCount?: unknown; readonly issues?: unknown };
  if (issueCount !== undefined || !Array.isArray(issues)) return details;
  return { ...details, issueCount: issues.length };
}

/** JSON knows no undefined: what is shown, stored and compared must not, either. */
function withoutUndefined(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
