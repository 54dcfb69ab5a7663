// docs/workflow.schema.json and the tables of docs/workflow.md, from the settings schema and the adapters that
// are built in.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agents, trackers } from '../../adapters/index.ts';
import { settingsReference, workflowJsonSchema } from '../../src/workflow/index.ts';
import { betweenMarkers, type Generator } from './generated-file.ts';

export const generateWorkflowDocs: Generator = async (root) => {
  const owners = [...trackers, ...agents];
  const page = await readFile(join(root, 'docs/workflow.md'), 'utf8');
  return [
    {
      path: 'docs/workflow.schema.json',
      text: `${JSON.stringify(workflowJsonSchema(owners), null, 2)}\n`,
    },
    { path: 'docs/workflow.md', text: betweenMarkers(page, 'settings', settingsReference(owners)) },
  ];
};
