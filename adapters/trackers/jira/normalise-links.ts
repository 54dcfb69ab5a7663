// Issue links → blockers. Only links of the type "Blocks" count, and of these only the side that blocks: the inward
// issue. A blocker whose status is not told has the state "", which blocks.
import { z } from 'zod';
import type { Blocker } from '../../../src/contract/issue.ts';

/** By name, as the seed has it: on a site that renamed the type nothing blocks, and `sortie doctor` says so. */
export const blockingLinkType = 'Blocks';

export const issueLinkWire = z.object({
  type: z.object({ name: z.string().nullish() }).nullish(),
  inwardIssue: z
    .object({
      id: z.string().nullish(),
      key: z.string().nullish(),
      fields: z.object({ status: z.object({ name: z.string().nullish() }).nullish() }).nullish(),
    })
    .nullish(),
});

export function blockersOf(links: readonly z.infer<typeof issueLinkWire>[]): Blocker[] {
  return links.flatMap(({ type, inwardIssue }) => {
    if (type?.name !== blockingLinkType || !inwardIssue) return [];
    const { id, key, fields } = inwardIssue;
    return [{ id: id ?? '', identifier: key ?? '', state: fields?.status?.name ?? '' }];
  });
}
