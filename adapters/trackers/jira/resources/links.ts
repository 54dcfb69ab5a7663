// Links between issues. A link type has a name and two phrases ("Blocks": "blocks", "is blocked by"), and of the two
// ends the inward issue is the subject of the outward phrase: the blocker blocks. Jira answers a new link without an id
// and would take it twice, so the issue is looked at first, and the request is sent once.
import { z } from 'zod';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { NewLink, TrackerSchema } from '../../../../src/contract/tracker-capabilities.ts';
import type { JiraClient } from '../client.ts';
import { issuePath } from './issues.ts';

const linkPath = '/rest/api/3/issueLink';
const typesPath = '/rest/api/3/issueLinkType';

const typeWire = z.object({
  id: z.string().min(1),
  name: z.string(),
  inward: z.string().nullish(),
  outward: z.string().nullish(),
});
type TypeWire = z.infer<typeof typeWire>;
const typesWire = z.object({ issueLinkTypes: z.array(typeWire) });

const endWire = z.object({ id: z.string().nullish(), key: z.string().nullish() }).nullish();
type EndWire = z.infer<typeof endWire>;
const linksWire = z.object({
  fields: z.object({
    issuelinks: z
      .array(
        z.object({
          type: z.object({ id: z.string().nullish() }).nullish(),
          inwardIssue: endWire,
          outwardIssue: endWire,
        }),
      )
      .nullish(),
  }),
});
type Links = z.infer<typeof linksWire>;

/** [] also where issue linking is switched off, which Jira answers with 404. */
export async function readLinkTypes(
  client: JiraClient,
  signal: AbortSignal,
): Promise<NonNullable<TrackerSchema['linkTypes']>> {
  try {
    const types = await readTypes(client, signal);
    return types.map(({ name, inward, outward }) => ({
      ...{ name, inward: inward ?? name, outward: outward ?? name },
    }));
  } catch (error) {
    if (error instanceof TrackerError && error.kind === 'tracker_not_found') return [];
    throw error;
  }
}

/** Throws `tracker_payload_error` for a type that Jira does not have, with those that it has. */
export async function linkIssues(
  client: JiraClient,
  link: NewLink,
  signal: AbortSignal,
): Promise<{ wasThere: boolean }> {
  const { issue, target } = link;
  const types = await readTypes(client, signal);
  const { type, forwards } = chooseType(types, link.type);
  const path = issuePath(issue.id);
  const call = { method: 'GET', path, query: { fields: 'issuelinks' }, signal } as const;
  const there = await client.request({ ...call, schema: linksWire });
  if (isLinked(there, { type, forwards, target: target.id })) return { wasThere: true };
  const [inwardIssue, outwardIssue] = forwards
    ? [{ id: issue.id }, { id: target.id }]
    : [{ id: target.id }, { id: issue.id }];
  const body = { type: { id: type.id }, inwardIssue, outwardIssue };
  await client.send({ method: 'POST', path: linkPath, body, issueId: issue.id, signal });
  return { wasThere: false };
}

/** `forwards`: the issue is the subject of the outward phrase, so it is the inward one. */
function chooseType(types: readonly TypeWire[], wanted: string): { type: TypeWire; forwards: boolean } {
  const same = (text: string | null | undefined): boolean =>
    text != null && text.trim().toLowerCase() === wanted.trim().toLowerCase();
  const named = types.filter(({ name }) => same(name));
  const outward = types.filter((type) => same(type.outward));
  const inward = types.filter((type) => same(type.inward) && !same(type.outward));
  const phrased = [
    ...outward.map((type) => ({ type, forwards: true })),
    ...inward.map((type) => ({ type, forwards: false })),
  ];
  // A name that is another type's phrase means the type of that name.
  const found = named.length > 0 ? named.map((type) => readName(type, wanted)) : phrased;
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const which = only === undefined ? 'Jira has no link type' : `Jira has ${found.length} link types`;
  const known = types.map(({ name, outward: out, inward: back }) => `${name} (${out ?? ''} / ${back ?? ''})`);
  const detail = `${which} ${JSON.stringify(wanted)}; write one of these, or one of its two phrases: ${known.join(', ')}`;
  throw new TrackerError({ kind: 'tracker_payload_error', method: 'GET', path: typesPath, detail });
}

/** A type may be named like its own inward phrase: then the phrase says the direction. */
function readName(type: TypeWire, wanted: string): { type: TypeWire; forwards: boolean } {
  const fold = (text: string | null | undefined): string => (text ?? '').trim().toLowerCase();
  return { type, forwards: fold(type.inward) !== fold(wanted) || fold(type.outward) === fold(wanted) };
}

/** From the issue's side, Jira shows the other end only. A type with the same phrase both ways has no direction. */
function isLinked(
  { fields }: Links,
  { type, forwards, target }: { type: TypeWire; forwards: boolean; target: string },
): boolean {
  const symmetrical = (type.inward ?? '').toLowerCase() === (type.outward ?? '').toLowerCase();
  const is = (end: EndWire): boolean => end?.id === target;
  return (fields.issuelinks ?? [])
    .filter((link) => link.type?.id === type.id)
    .some(({ inwardIssue, outwardIssue }) => {
      if (symmetrical) return is(inwardIssue) || is(outwardIssue);
      return forwards ? is(outwardIssue) : is(inwardIssue);
    });
}

async function readTypes(client: JiraClient, signal: AbortSignal): Promise<TypeWire[]> {
  const call = { method: 'GET', path: typesPath, schema: typesWire, signal } as const;
  return (await client.request(call)).issueLinkTypes;
}
