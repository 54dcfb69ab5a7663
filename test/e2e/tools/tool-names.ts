// The tools that a run on Jira is offered, in the order in which they are listed.

export const TOOL_NAMES: readonly string[] = [
  'tracker_api',
  'sortie_status',
  'workspace_history',
  'notify_operator',
  'request_status',
  'atlassian_jira_search',
  'atlassian_jira_get_issue',
  'atlassian_jira_create_issue',
  'atlassian_jira_create_issues',
  'atlassian_jira_update_issue',
  'atlassian_jira_manage_issue',
  'atlassian_jira_get_issues_by_project',
  'atlassian_jira_get_issues_by_user',
  'atlassian_jira_list_projects',
  'atlassian_jira_get_user',
];
