// Where the items of a list stood before those that lack what they need were left out: messages count as people do.

/** The places, from 0, of the items that were kept. `needed`: keys without which an item is left out. */
export function keptPlaces(
  key: string,
  needed: readonly string[],
  written: unknown,
  invalid: ReadonlySet<string>,
): readonly number[] {
  if (!Array.isArray(written)) return [];
  return [...written.keys()].filter((index) =>
    needed.every((name) => !invalid.has(`${key}[${index}].${name}`)),
  );
}
