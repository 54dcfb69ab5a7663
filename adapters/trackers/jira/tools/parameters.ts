// The parameters that several tools share, as their models read them, and what their values must look like. Every
// schema is a plain JSON Schema object: no unions, no references, no defaults, which agents' clients take differently.
import { z } from 'zod';
import { isKey, isNumericId } from '../jql.ts';
import { refuse, shown } from './tool.ts';

/** Jira's own limit. */
const summaryLimit = 255;
/** Jira refuses longer texts. */
const textLimit = 32_767;
const nameLimit = 255;

export const issueKeyInput = z.string().min(1).max(100).describe('Issue key (e.g. "ENG-1234") or issue id');
export const projectKeyInput = z.string().min(1).max(100).describe('Project key (e.g. "ENG")');

export function maxResultsInput(of: string) {
  return z
    .int()
    .min(1)
    .max(maxResultsLimit)
    .optional()
    .describe(`Most ${of} to return (default 25, max 100)`);
}
export const maxResultsLimit = 100;
export const defaultMaxResults = 25;

export const markdownInput = (what: string) => z.string().max(textLimit).describe(what);
export const nameInput = (what: string) => z.string().min(1).max(nameLimit).describe(what);
export const labelsInput = (what: string) => z.array(z.string().min(1).max(255)).max(50).describe(what);

export const summaryInput = z.string().min(1).max(summaryLimit).describe('Issue title, one line');
export const assigneeInput = nameInput(
  'Display name, e-mail address or account id of the assignee; it must fit exactly one person',
);
export const priorityInput = nameInput('Priority name (e.g. "High")');
/** Loose, not a record: some clients refuse `propertyNames`. Its names are checked by `checkCustomFields`. */
export const customFieldsInput = z
  .looseObject({})
  .describe('Values of custom fields, keyed by field id (customfield_10016) or by exact field name');

/** What an issue may be made with beside project, type and title. */
export const newIssueInputs = {
  description: markdownInput('Issue description in Markdown').optional(),
  assignee: assigneeInput.optional(),
  priority: priorityInput.optional(),
  labels: labelsInput('Labels, without spaces').optional(),
  components: z.array(nameInput('Component name')).max(50).describe('Component names').optional(),
  parentKey: z
    .string()
    .min(1)
    .max(100)
    .describe('Key of the parent issue, for sub-tasks and children of epics')
    .optional(),
  customFields: customFieldsInput.optional(),
};

/** A key in upper case, or an id. */
export function issueKeyOf(text: string, parameter = 'issueKey'): string {
  const key = text.trim();
  if (isKey(key)) return key.toUpperCase();
  if (isNumericId(key)) return key;
  throw refuse(`${parameter}: ${shown(text)} is no issue key; write one such as ENG-1234, or the issue's id`);
}

export function projectKeyOf(text: string, parameter = 'projectKey'): string {
  const key = text.trim();
  if (/^[A-Za-z][A-Za-z0-9_]*$/.test(key)) return key.toUpperCase();
  throw refuse(`${parameter}: ${shown(text)} is no project key; write one such as ENG`);
}

/** As they are: Jira takes no label that is empty or has a space. */
export function labelsOf(labels: readonly string[], parameter = 'labels'): readonly string[] {
  const wrong = labels.find((label) => label === '' || /\s/u.test(label));
  if (wrong === undefined) return labels;
  throw refuse(`${parameter}: ${shown(wrong)} is empty or has a space, which Jira allows in no label`);
}

/** Not blank, as a required text. */
export function textOf(text: string, parameter: string): string {
  if (text.trim() === '') throw refuse(`${parameter}: is blank; write a text`);
  return text;
}
