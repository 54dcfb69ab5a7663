// What Jira says about a field of a screen: whether it is required, its type, the values that it allows.
import type { ScreenField } from '../model.ts';
import type { Site } from '../site.ts';
import { issueTypeDetails, priorityDetails } from './site-things.ts';

const operations: Readonly<Record<string, readonly string[]>> = {
  labels: ['add', 'set', 'remove'],
  components: ['add', 'set', 'remove'],
  comment: ['add', 'edit', 'remove'],
};

export function fieldMetadata(
  site: Site,
  { fieldId, required }: ScreenField,
  projectId: string,
): Record<string, unknown> {
  const field = site.state.need(site.state.fields, fieldId);
  const allowedValues = valuesOf(site, fieldId, projectId);
  return {
    required,
    schema: field.schema,
    name: field.name,
    key: fieldId,
    hasDefaultValue: false,
    operations: operations[fieldId] ?? ['set'],
    ...(allowedValues ? { allowedValues } : {}),
  };
}

function valuesOf(site: Site, fieldId: string, projectId: string): unknown[] | null {
  const { state } = site;
  const project = state.need(state.projects, projectId);
  switch (fieldId) {
    case 'priority':
      return state.priorities.map((priority) => priorityDetails(site, priority));
    case 'resolution':
      return state.resolutions.map((name, index) => ({ id: String(index + 1), name }));
    case 'issuetype':
      return project.issueTypeIds.map((id) => issueTypeDetails(site, state.need(state.issueTypes, id)));
    case 'project':
      return [{ id: project.id, key: project.key, name: project.name }];
    case 'components':
      return project.componentNames.map((name) => ({ name }));
    default:
      return null;
  }
}
