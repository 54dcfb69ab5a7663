// docs/http-api.md and docs/openapi.json against the server.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generateHttpDocs } from '../../scripts/docs/http-docs.ts';
import { stateSchema } from '../../src/http/schemas.ts';
import { testServer } from './start-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = await readFile(new URL('../../docs/http-api.md', import.meta.url), 'utf8');

it('are what `npm run docs` writes', async () => {
  for (const { path, text } of await generateHttpDocs(root)) {
    expect(await readFile(new URL(path, new URL('../../', import.meta.url)), 'utf8'), path).toBe(text);
  }
});

it('show a state that the server could have answered, with every field', async () => {
  const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  expect(stateSchema.parse(example)).toEqual(example);
  const { server } = testServer();
  const real = (await server.inject('/api/v1/state')).json();
  expect(fieldsOf(example)).toEqual(fieldsOf(real));
});

function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.slice(0, 1).flatMap((item) => fieldsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value)
    .flatMap(([key, item]) => fieldsOf(item, `${path}.${key}`))
    .filter((field) => !field.startsWith('.parked[].ends_on'))
    .sort();
}
