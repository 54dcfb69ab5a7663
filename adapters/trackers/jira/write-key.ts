// The key of a write, kept where people do not see it: an entity property of the comment, worklog or issue that the
// write makes, written in the same request. Jira gives it back when asked, so a write whose answer was lost is found
// again. Always true: what carries a key was written by us for that key.
import { z } from 'zod';

export const writeProperty = 'sortie.write';

export const propertiesWire = z.array(z.object({ key: z.string(), value: z.unknown().optional() })).nullish();
type Properties = z.infer<typeof propertiesWire>;

/** As comments, worklogs and new issues take it. */
export function keyProperties(key: string): { key: string; value: { id: string } }[] {
  return [{ key: writeProperty, value: { id: key } }];
}

export function carriesKey(properties: Properties, key: string): boolean {
  return (properties ?? []).some((property) => property.key === writeProperty && isKey(property.value, key));
}

export function carriesAnyKey(properties: Properties): boolean {
  return (properties ?? []).some((property) => property.key === writeProperty);
}

/** Of the value that an issue's property has. */
export function isKey(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && (value as { readonly id?: unknown }).id === key;
}
