// Atlassian's own JSON schema of a document, as a question: what is wrong with this one? Nothing here is ours, so a
// mistake of the converter cannot hide behind a mistake of the test.
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';

const require = createRequire(import.meta.url);

const schema = require('@atlaskit/adf-schema/json-schema/v1/full.json') as Record<string, unknown>;
// Ajv 8 knows no draft 4; the schema uses nothing of it that later drafts read otherwise.
const { $schema: _draft, ...rules } = schema;
const validate = new Ajv({ strict: false, allErrors: false }).compile(rules);

/** The first complaints, or an empty list for a valid document. */
export function complaints(document: unknown): readonly string[] {
  if (validate(document)) return [];
  return (validate.errors ?? []).slice(0, 5).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
