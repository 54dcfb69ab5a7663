// The parameters of a tool out of its JSON Schema, as far as a person wants to read them. Pure, and total: a schema may
// hold anything.

import { isMap, isTextList, ownValue } from '../approvals/json-values.ts';
import type { WireJson, WireJsonMap } from '../wire-tools.ts';

export interface Parameter {
  readonly name: string;
  /** e.g. `string`, `one of Bug, Task`; "" = anything. */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

/** A site may have hundreds of them. */
const CHOICES_SHOWN = 12;

export function parametersOf(input: WireJsonMap): readonly Parameter[] {
  const properties = ownValue(input, 'properties');
  if (!isMap(properties)) return [];
  const required = ownValue(input, 'required');
  return Object.entries(properties).map(([name, schema]) => {
    const description = isMap(schema) ? ownValue(schema, 'description') : '';
    return {
      name,
      type: isMap(schema) ? typeOf(schema) : '',
      required: Array.isArray(required) && required.includes(name),
      description: typeof description === 'string' ? description : '',
    };
  });
}

function typeOf(schema: WireJsonMap): string {
  const choices = ownValue(schema, 'enum');
  if (isTextList(choices)) {
    const more = choices.length - CHOICES_SHOWN;
    const shown = choices.slice(0, CHOICES_SHOWN).join(', ');
    return `one of ${shown}${more > 0 ? ` and ${more} more` : ''}`;
  }
  const type: WireJson | undefined = ownValue(schema, 'type');
  if (typeof type === 'string') return type;
  return isTextList(type) ? type.join(' or ') : '';
}
