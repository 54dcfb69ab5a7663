// The JSON Schema (draft 2020-12) of the front matter, for editors that complete and check it. It says what
// users may write, before expansion; adapters add their blocks.

import { z, type ZodType } from 'zod';
import { settingFacts } from './setting.ts';
import { frontMatterSchema } from './settings-schema.ts';

export interface BlockSchema {
  readonly kind: string;
  readonly settingsSchema: ZodType<Record<string, unknown>>;
}

type Json = Record<string, unknown>;

export function workflowJsonSchema(owners: readonly BlockSchema[]): Json {
  const schema = toJson(frontMatterSchema);
  const blocks = owners.map(({ kind, settingsSchema }): [string, Json] => {
    const { $schema, ...block } = toJson(settingsSchema);
    return [kind, { description: `Settings of the adapter "${kind}".`, ...block }];
  });
  const properties = Object.fromEntries([...Object.entries(schema['properties'] as Json), ...blocks]);
  const { $schema, ...rest } = schema;
  return {
    $schema,
    title: 'Front matter of WORKFLOW.md',
    description: 'Settings of sortie: the YAML between the two --- lines.',
    ...rest,
    properties,
  };
}

function toJson(schema: ZodType): Json {
  const json = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    // A third party's schema may hold what JSON Schema cannot say; the editor then accepts anything there.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const facts = settingFacts.get(zodSchema);
      if (facts?.defaultValue !== undefined) jsonSchema.default = facts.defaultValue as never;
      if (facts?.shape === 'texts' && facts.known !== undefined) {
        const one = { enum: [...facts.known] };
        jsonSchema.anyOf = [one, { type: 'array', minItems: 1, items: one }];
      }
      // No useful completion: an empty section, and "" where it means that the key is not set.
      const isEmpty = facts?.defaultValue === undefined && jsonSchema.default === '';
      if (isEmpty || zodSchema instanceof z.ZodPrefault) delete jsonSchema.default;
    },
  });
  return JSON.parse(JSON.stringify(json)) as Json;
}
