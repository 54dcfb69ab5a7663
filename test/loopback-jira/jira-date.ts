// How Jira writes an instant: milliseconds and an offset without a colon, e.g. 2026-11-22T01:48:09.123+0000.
// State keeps numbers (ms since 1970); text appears only in answers and is read only from requests.

export const jiraDatePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}$/;

export function jiraDate(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

/** Reads the one form that Jira takes in a body; null for every other, ISO with `Z` among them. */
export function parseJiraDate(text: string): number | null {
  if (!jiraDatePattern.test(text)) return null;
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? null : ms;
}
