// docs/workflow.md and docs/workflow.schema.json say what the program does: they are what it generates now,
// and the schema accepts and refuses what it should.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { generateWorkflowDocs } from '../../scripts/docs/workflow-docs.ts';
import { workflowJsonSchema } from '../../src/workflow/index.ts';
import { settingEntries } from '../../src/workflow/setting-list.ts';
import { templateShapes } from '../../src/workflow/template-shape.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('has current pages; run `npm run docs` when this fails', async () => {
  for (const { path, text } of await generateWorkflowDocs(root)) {
    expect(readFileSync(root + path, 'utf8'), path).toBe(text);
  }
});

it('documents every key, every variable and every thing that a template may name', () => {
  const page = readFileSync(`${root}docs/workflow.md`, 'utf8');
  for (const { key, envName } of settingEntries) {
    expect(page).toContain(`\`${key.replace('*', '<agent kind>')}\``);
    if (envName !== null) expect(page).toContain(`\`${envName}\``);
  }
  for (const [name, shape] of Object.entries(templateShapes)) {
    const fields = shape.kind === 'record' ? Object.keys(shape.fields) : [];
    for (const field of fields) expect(page).toMatch(new RegExp(`\`(${name})?\\.${field}\``));
    if (fields.length === 0) expect(page).toContain(`\`${name}\``);
  }
});

it('describes each key in the JSON Schema, with draft 2020-12 and the adapters in it', () => {
  const schema = workflowJsonSchema([
    { kind: 'mine', settingsSchema: z.object({ path: z.string().describe('Where.') }) },
  ]);
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  const at = (path: readonly string[]): Record<string, unknown> =>
    path.reduce<Record<string, unknown>>((node, step) => {
      const { properties, additionalProperties } = node as Record<string, Record<string, never>>;
      if (step === '*') return additionalProperties ?? {};
      const found: Record<string, unknown> = properties?.[step.replace('[]', '')] ?? {};
      return step.endsWith('[]') ? (found['items'] as Record<string, unknown>) : found;
    }, schema);
  for (const { key, facts } of settingEntries)
    expect(at(key.split('.')), key).toMatchObject({ description: facts.about });
  expect(at(['polling', 'interval_ms'])).toMatchObject({ default: 30_000 });
  expect(at(['tracker'])).toMatchObject({ additionalProperties: false });
  expect(at(['mine', 'path'])).toEqual({ type: 'string', description: 'Where.' });
});
