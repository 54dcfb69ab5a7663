// What a site can name differently: the link type that blocks, and the priorities.
import { z } from 'zod';
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { blockingLinkType } from '../normalise-links.ts';
import { priorityBy } from '../normalise-priority.ts';
import { readPriorities } from '../resources/schema.ts';
import { isKind, ok, problem, quotedList, warning, type Visit } from './finding.ts';

const linkTypesWire = z.object({ issueLinkTypes: z.array(z.object({ name: z.string() })) });

export async function* checkLinkTypes({
  connection,
  signal,
}: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const call = { method: 'GET', path: '/rest/api/3/issueLinkType', signal } as const;
  try {
    const { issueLinkTypes } = await connection.client.request({ ...call, schema: linkTypesWire });
    const names = issueLinkTypes.map(({ name }) => name);
    if (names.includes(blockingLinkType))
      yield ok('link_types', `links of the type "${blockingLinkType}" hold issues back`);
    else {
      const message = `no link type is called "${blockingLinkType}", so no issue is ever held back by another`;
      yield warning('link_types', message, `call one so; there are: ${quotedList(names)}`);
    }
  } catch (error) {
    // Jira's answer when issue linking is switched off.
    if (!isKind(error, 'tracker_not_found')) throw error;
    yield warning(
      'link_types',
      'issue links are switched off, so no issue is ever held back by another',
      'switch them on if issues should wait for each other',
    );
  }
}

export async function* checkPriorities({
  connection,
  signal,
}: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const { client, settings } = connection;
  const priorities = await readPriorities(client, signal);
  const names = priorities.map(({ name }) => name);
  const order = settings.priorityOrder;
  if (order.length > 0) {
    const known = new Set(names.map((name) => name.toLowerCase()));
    const unknown = order.filter((name) => !known.has(name.toLowerCase()));
    if (unknown.length > 0) {
      const message = `jira.priority_order names no priority of this site: ${quotedList(unknown)}`;
      yield problem('priorities', message, `the site has: ${quotedList(names)}`);
    } else yield ok('priorities', `most urgent first: ${quotedList(order)}, then the rest`);
    return;
  }
  const ranks = priorities.map((priority) => priorityBy([])(priority));
  const ordered = ranks.every((rank, at) => rank !== null && (at === 0 || rank > (ranks[at - 1] ?? rank)));
  if (ordered) yield ok('priorities', `most urgent first: ${quotedList(names)}`);
  else {
    const message = `the ids of this site's priorities do not follow their rank, and issue.priority is the id`;
    const remedy = `set jira.priority_order, for example [${names.map((name) => JSON.stringify(name)).join(', ')}]`;
    yield warning('priorities', message, remedy);
  }
}
