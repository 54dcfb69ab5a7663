// atlassian_jira_create_issue and _create_issues. One tool for one issue, one for many that are decided as one. Nothing
// is looked up here: names are resolved later, and a type that the project does not have is an error, not another type.
import { z } from 'zod';
import type { ToolPlace, TrackerTool } from '../../../../src/contract/agent-tools.ts';
import type { NewIssueDetails } from '../../../../src/contract/tool-operations.ts';
import { checkCustomFields } from './fields.ts';
import {
  issueKeyOf,
  labelsOf,
  nameInput,
  newIssueInputs,
  projectKeyInput,
  projectKeyOf,
  summaryInput,
  textOf,
} from './parameters.ts';
import { defineTool, given, refuse, writes } from './tool.ts';

/** Jira's own for one request; more than a person can look through, too. */
const bulkLimit = 50;

const issueTypeInput = nameInput('Issue type name (e.g. "Bug", "Task"); it must exist in the project');

type Optional = Omit<NewIssueDetails, 'summary' | 'issueType' | 'customFields'> & {
  readonly customFields?: object | undefined;
};

export function createIssueTool(): TrackerTool {
  return defineTool({
    name: 'atlassian_jira_create_issue',
    title: 'Create a Jira issue',
    summary: 'create one Jira issue',
    about:
      'Create one Jira issue. Search first, so that it is not there twice. It may need a person’s approval: then the ' +
      'answer is pending, with an id to ask about. For several issues use atlassian_jira_create_issues.',
    names: ['projects', 'issue_types', 'priorities', 'custom_fields'],
    operations: ['create_issue'],
    input: z.strictObject({
      projectKey: projectKeyInput,
      issueType: issueTypeInput,
      summary: summaryInput,
      ...newIssueInputs,
    }),
    plan: ({ projectKey, issueType, summary, ...rest }, place) =>
      writes({
        operation: 'create_issue',
        details: {
          projectKey: projectKeyOf(projectKey),
          issueType: textOf(issueType, 'issueType').trim(),
          summary: textOf(summary, 'summary'),
          ...optionalDetails(rest, place, ''),
        },
      }),
  });
}

export function createIssuesTool(): TrackerTool {
  const { description, ...shared } = newIssueInputs;
  const { priority, labels, ...others } = shared;
  return defineTool({
    name: 'atlassian_jira_create_issues',
    title: 'Create several Jira issues',
    summary: 'create several Jira issues, decided as one',
    about:
      `Create several Jira issues (at most ${bulkLimit}) of one project with one decision. What is given beside ` +
      '`issues` holds for each of them that does not say otherwise. A person may approve fewer of them, or change ' +
      'them: read the answer for what was really made.',
    names: ['projects', 'issue_types', 'priorities', 'custom_fields'],
    operations: ['create_issues'],
    input: z.strictObject({
      projectKey: projectKeyInput,
      issueType: issueTypeInput,
      issueCount: z
        .int()
        .min(1)
        .max(bulkLimit)
        .optional()
        .describe('How many issues; must be the number of `issues` when given'),
      priority,
      labels,
      ...others,
      issues: z
        .array(
          z.strictObject({
            summary: summaryInput,
            description,
            issueType: issueTypeInput.optional(),
            ...shared,
          }),
        )
        .min(1)
        .max(bulkLimit)
        .describe('The issues, in the order in which they are made'),
    }),
    plan: ({ projectKey, issueType, issueCount, issues, ...rest }, place) => {
      if (issueCount !== undefined && issueCount !== issues.length) {
        throw refuse(
          `issueCount: is ${issueCount}, but issues has ${issues.length}; leave it out or make them equal`,
        );
      }
      return writes({
        operation: 'create_issues',
        details: {
          projectKey: projectKeyOf(projectKey),
          issueType: textOf(issueType, 'issueType').trim(),
          issueCount: issues.length,
          ...optionalDetails(rest, place, ''),
          issues: issues.map(({ summary, issueType: own, ...more }, index) => {
            const at = `issues.${index}.`;
            return {
              summary: textOf(summary, `${at}summary`),
              ...given({ issueType: own === undefined ? undefined : textOf(own, `${at}issueType`).trim() }),
              ...optionalDetails(more, place, at),
            };
          }),
        },
      });
    },
  });
}

/** `at`: before the names of parameters in messages. */
function optionalDetails(
  { labels, parentKey, customFields, assignee, priority, ...rest }: Optional,
  place: ToolPlace,
  at: string,
): Omit<NewIssueDetails, 'summary' | 'issueType'> {
  return given({
    ...rest,
    assignee: assignee === undefined ? undefined : textOf(assignee, `${at}assignee`).trim(),
    priority: priority === undefined ? undefined : textOf(priority, `${at}priority`).trim(),
    labels: labels === undefined ? undefined : labelsOf(labels, `${at}labels`),
    parentKey: parentKey === undefined ? undefined : issueKeyOf(parentKey, `${at}parentKey`),
    customFields: checkCustomFields(customFields, place.schema),
  });
}
