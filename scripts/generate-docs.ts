// `npm run docs`: writes every part of docs/ that is made from the sources. Each module under scripts/docs/
// answers files as text and writes nothing; tests call the same functions to see that docs/ is current.

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Generator } from './docs/generated-file.ts';
import { generateGrafanaDashboard } from './docs/grafana-dashboard.ts';
import { generateHttpDocs } from './docs/http-docs.ts';
import { generateMetricsDocs } from './docs/metrics-docs.ts';
import { generateToolsDocs } from './docs/tools-docs.ts';
import { generateWorkflowDocs } from './docs/workflow-docs.ts';

const generators: readonly Generator[] = [
  generateWorkflowDocs,
  generateHttpDocs,
  generateMetricsDocs,
  generateGrafanaDashboard,
  generateToolsDocs,
];

const root = new URL('../', import.meta.url);
for (const generate of generators) {
  for (const { path, text } of await generate(fileURLToPath(root))) {
    await writeFile(new URL(path, root), text);
    console.log(path);
  }
}
