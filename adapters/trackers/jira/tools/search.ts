// atlassian_jira_search: JQL, inside of the projects that are open to the run's tools. What the JQL means is for Jira to
// say; here it is only kept from leaving its parentheses.
import { z } from 'zod';
import type { TrackerTool } from '../../../../src/contract/agent-tools.ts';
import { fieldsOf } from './fields.ts';
import { defaultFields, findingPlan, startAtInput } from './found-issues.ts';
import { defaultMaxResults, maxResultsInput } from './parameters.ts';
import { scopedJql, type Scope } from './scope.ts';
import { defineTool, type JiraToolParts } from './tool.ts';

const jqlLimit = 2_000;

export function searchTool(parts: JiraToolParts, scope: Scope): TrackerTool {
  return defineTool({
    name: 'atlassian_jira_search',
    title: 'Search Jira issues',
    summary: 'find Jira issues with JQL',
    about:
      'Search Jira issues with JQL. Results are limited to the projects that your tools may touch; the JQL need not ' +
      'name them. Quote names with spaces: status = "In Progress". Examples: issuetype = Bug AND priority in (High, ' +
      'Highest); sprint in openSprints() ORDER BY status ASC; text ~ "checkout error". Answers {issues, startAt, ' +
      'maxResults, nextStartAt}; nextStartAt is null when there is nothing more. JQL that Jira cannot read is an error ' +
      'with its message.',
    names: ['projects', 'issue_types', 'statuses', 'priorities', 'custom_fields'],
    operations: ['search_issues'],
    input: z.strictObject({
      jql: z.string().min(1).max(jqlLimit).describe('JQL query, with ORDER BY if wanted'),
      fields: z
        .string()
        .max(2_000)
        .optional()
        .describe(
          'Comma-separated fields to return, by id or name (default "summary, status, assignee, priority, ' +
            'issuetype, created, updated"); "*all" for all',
        ),
      maxResults: maxResultsInput('issues'),
      startAt: startAtInput,
    }),
    plan: ({ jql, fields, maxResults = defaultMaxResults, startAt = 0 }, place) => {
      const find = {
        jql: scopedJql(jql, place.projects),
        fields: fields === undefined ? defaultFields : fieldsOf(fields, place.schema),
        startAt,
        maxResults,
      };
      return findingPlan({ parts, scope }, place, [], () => find);
    },
  });
}
