// atlassian_jira_manage_issue: the smaller changes of an issue, one a call. Each action takes its own parameters and no
// others; `unassign` is an assignment to nobody.
import { z } from 'zod';
import type { TrackerTool } from '../../../../src/contract/agent-tools.ts';
import type { WriteAction } from '../../../../src/contract/tool-operations.ts';
import { checkCombination, type Wanted } from './combinations.ts';
import {
  issueKeyInput,
  issueKeyOf,
  labelsInput,
  labelsOf,
  markdownInput,
  nameInput,
  textOf,
} from './parameters.ts';
import { defineTool, refuse, shown, writes } from './tool.ts';

const actions = [
  'add_comment',
  'add_worklog',
  'link_issues',
  'add_labels',
  'remove_labels',
  'assign',
  'unassign',
  'add_watcher',
] as const;
type Action = (typeof actions)[number];

const wanted: Readonly<Record<Action, Wanted>> = {
  add_comment: { required: ['body'] },
  add_worklog: { required: ['timeSpent'], optional: ['worklogComment'] },
  link_issues: { required: ['targetIssueKey', 'linkType'] },
  add_labels: { required: ['labels'] },
  remove_labels: { required: ['labels'] },
  assign: { required: ['accountId'] },
  unassign: { required: [] },
  add_watcher: { required: ['accountId'] },
};

const input = z.strictObject({
  issueKey: issueKeyInput,
  action: z.enum(actions).describe('What to do'),
  body: markdownInput('For add_comment: comment text in Markdown').optional(),
  timeSpent: z.string().min(1).max(100).optional().describe('For add_worklog: duration, e.g. "2h 30m", "1d"'),
  worklogComment: markdownInput(
    'For add_worklog, if wanted: description of the work done, in Markdown',
  ).optional(),
  targetIssueKey: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('For link_issues: the other issue to link to'),
  linkType: nameInput(
    'For link_issues: read as a sentence, issueKey linkType targetIssueKey (e.g. "blocks", "is blocked by")',
  ).optional(),
  labels: labelsInput('For add_labels and remove_labels: labels, without spaces').min(1).optional(),
  accountId: nameInput(
    'For assign and add_watcher: display name, e-mail address or account id; it must fit exactly one person',
  ).optional(),
});
type Input = z.output<typeof input>;

export function manageIssueTool(): TrackerTool {
  return defineTool({
    name: 'atlassian_jira_manage_issue',
    title: 'Manage a Jira issue',
    summary: 'comment, log work, link, label, assign or watch a Jira issue',
    about:
      'Do one thing to a Jira issue. Each action takes exactly these parameters beside issueKey: add_comment: body; ' +
      'add_worklog: timeSpent, worklogComment (optional); link_issues: targetIssueKey, linkType; add_labels and ' +
      'remove_labels: labels; assign and add_watcher: accountId; unassign: none.',
    names: ['link_types'],
    operations: [
      ...(['add_comment', 'add_worklog', 'link_issues', 'add_labels', 'remove_labels'] as const),
      ...(['assign_issue', 'add_watcher'] as const),
    ],
    input,
    plan: (args) => {
      const issueKey = issueKeyOf(args.issueKey);
      checkCombination(args, args.action, wanted[args.action], ['issueKey', 'action']);
      return writes(actionOf(issueKey, args));
    },
  });
}

/** What is required is there. */
function actionOf(issueKey: string, args: Input): WriteAction {
  const {
    action,
    body = '',
    timeSpent = '',
    worklogComment,
    linkType = '',
    labels = [],
    accountId = '',
  } = args;
  switch (action) {
    case 'add_comment':
      return { operation: action, details: { issueKey, body: textOf(body, 'body') } };
    case 'add_worklog': {
      const comment =
        worklogComment === undefined ? {} : { comment: textOf(worklogComment, 'worklogComment') };
      return { operation: action, details: { issueKey, timeSpent: durationOf(timeSpent), ...comment } };
    }
    case 'link_issues': {
      const targetIssueKey = issueKeyOf(args.targetIssueKey ?? '', 'targetIssueKey');
      if (targetIssueKey === issueKey)
        throw refuse('targetIssueKey: is issueKey; an issue has no link to itself');
      return {
        operation: action,
        details: { issueKey, targetIssueKey, linkType: textOf(linkType, 'linkType').trim() },
      };
    }
    case 'add_labels':
    case 'remove_labels':
      return { operation: action, details: { issueKey, labels: labelsOf(labels) } };
    case 'assign':
      return {
        operation: 'assign_issue',
        details: { issueKey, assignee: textOf(accountId, 'accountId').trim() },
      };
    case 'unassign':
      return { operation: 'assign_issue', details: { issueKey, assignee: null } };
    case 'add_watcher':
      return { operation: action, details: { issueKey, watcher: textOf(accountId, 'accountId').trim() } };
  }
}

/** Jira's form. A bare number is minutes on one site and hours on another. */
function durationOf(text: string): string {
  const duration = text.trim().replace(/\s+/gu, ' ');
  const units =
    /^(?:\d{1,5}(?:\.\d{1,2})?w ?)?(?:\d{1,5}(?:\.\d{1,2})?d ?)?(?:\d{1,5}(?:\.\d{1,2})?h ?)?(?:\d{1,6}m)?$/;
  if (duration !== '' && units.test(duration) && /[1-9]/.test(duration)) return duration;
  throw refuse(
    `timeSpent: ${shown(text)} is no duration; write weeks, days, hours and minutes, such as 2h 30m`,
  );
}
