// atlassian_jira_update_issue: fields, a transition, or both, fields first, because a workflow may forbid to edit an
// issue where the transition leads. Each is a write of its own for policy, people and audit; a transition's comment is
// part of the transition and stands or falls with it. Wrong combinations fail before any of them.
import { z } from 'zod';
import type { ToolPlace, TrackerTool } from '../../../../src/contract/agent-tools.ts';
import type { WriteAction, WriteDetails } from '../../../../src/contract/tool-operations.ts';
import { checkCombination, type Wanted } from './combinations.ts';
import { checkCustomFields } from './fields.ts';
import {
  assigneeInput,
  customFieldsInput,
  issueKeyInput,
  issueKeyOf,
  labelsInput,
  labelsOf,
  markdownInput,
  nameInput,
  priorityInput,
  summaryInput,
  textOf,
} from './parameters.ts';
import { defineTool, given, refuse, writes } from './tool.ts';

const actions = ['update_fields', 'transition', 'both'] as const;
type Action = (typeof actions)[number];

/** `fields` and `customFields` are looked at apart: one of the two is enough. */
const wanted: Readonly<Record<Action, Wanted>> = {
  update_fields: { required: [], optional: ['fields', 'customFields'] },
  transition: { required: ['transitionName'], optional: ['transitionComment'] },
  both: { required: ['transitionName'], optional: ['fields', 'customFields', 'transitionComment'] },
};

const fieldsInput = z
  .strictObject({
    summary: summaryInput.optional(),
    priority: priorityInput.optional(),
    labels: labelsInput('All labels of the issue from now on; [] takes off all').optional(),
    assignee: assigneeInput.optional(),
    description: markdownInput('The whole new description in Markdown; "" empties it').optional(),
  })
  .describe('For update_fields and both: the fields to change; what is left out stays as it is');
type Fields = z.output<typeof fieldsInput>;

export function updateIssueTool(): TrackerTool {
  return defineTool({
    name: 'atlassian_jira_update_issue',
    title: 'Update a Jira issue',
    summary: 'change fields of a Jira issue, move it to another status, or both',
    about:
      'Change fields of a Jira issue (action update_fields), move it through its workflow (transition), or both. ' +
      'update_fields takes fields and/or customFields; transition takes transitionName and, if wanted, ' +
      'transitionComment; both takes all of these. A transition is named by its own name or by the status that it ' +
      'leads to; one that is not available is an error that lists those that are. To add or take off single labels, ' +
      'comment, assign or unassign, use atlassian_jira_manage_issue.',
    names: ['statuses', 'priorities', 'custom_fields'],
    operations: ['update_issue', 'transition_issue', 'add_comment'],
    input: z.strictObject({
      issueKey: issueKeyInput,
      action: z.enum(actions).describe('update_fields, transition or both'),
      fields: fieldsInput.optional(),
      transitionName: nameInput(
        'For transition and both: name of the transition or of the status that it leads to (e.g. "In Review")',
      ).optional(),
      transitionComment: markdownInput(
        'For transition and both: comment in Markdown, added once the issue has moved, and not at all when it does not',
      ).optional(),
      customFields: customFieldsInput.optional(),
    }),
    plan: (args, place) => {
      const { action, fields, transitionName, transitionComment, customFields } = args;
      const issueKey = issueKeyOf(args.issueKey);
      checkCombination(args, action, wanted[action], ['issueKey', 'action']);
      const actions: WriteAction[] = [];
      if (action !== 'transition') actions.push(change(issueKey, { action, fields, customFields }, place));
      if (transitionName !== undefined) {
        const to = textOf(transitionName, 'transitionName').trim();
        const comment =
          transitionComment === undefined ? undefined : textOf(transitionComment, 'transitionComment');
        actions.push({
          operation: 'transition_issue',
          details: { issueKey, to, ...(comment !== undefined && { comment }) },
        });
      }
      return writes(...actions);
    },
  });
}

function change(
  issueKey: string,
  {
    action,
    fields,
    customFields,
  }: { action: Action; fields?: Fields | undefined; customFields?: object | undefined },
  place: ToolPlace,
): WriteAction {
  const changes: Omit<WriteDetails['update_issue'], 'issueKey'> = given({
    ...fieldChanges(fields ?? {}),
    customFields:
      Object.keys(customFields ?? {}).length === 0
        ? undefined
        : checkCustomFields(customFields, place.schema),
  });
  if (Object.keys(changes).length === 0) {
    throw refuse(`action ${action}: fields missing; it takes at least one field in fields or customFields`);
  }
  return { operation: 'update_issue', details: { issueKey, ...changes } };
}

function fieldChanges({ summary, priority, labels, assignee, description }: Fields) {
  return {
    summary: summary === undefined ? undefined : textOf(summary, 'fields.summary'),
    priority: priority === undefined ? undefined : textOf(priority, 'fields.priority').trim(),
    labels: labels === undefined ? undefined : labelsOf(labels, 'fields.labels'),
    assignee: assignee === undefined ? undefined : textOf(assignee, 'fields.assignee').trim(),
    description,
  };
}
