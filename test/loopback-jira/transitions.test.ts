// Transitions as workflows have them: from some statuses only, several to one target, screens with required
// fields, refusals by validators, and names that are not the status's name.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { call, type Reply } from './client.ts';
import {
  addIssue,
  adf,
  setTransitions,
  startLoopbackJira,
  statusNamed,
  transition,
  type LoopbackJira,
} from './index.ts';

let jira: LoopbackJira;

beforeEach(async () => {
  jira = await startLoopbackJira();
  const id = (name: string): string => statusNamed(jira.state, name).id;
  setTransitions(jira.state, 'PROJ', [
    transition({ id: '11', name: 'Start', from: [id('Backlog')], to: id('In Progress') }),
    transition({
      id: '21',
      name: 'Close with a reason',
      to: id('Done'),
      screen: [
        { fieldId: 'resolution', required: true },
        { fieldId: 'labels', required: false },
      ],
    }),
    transition({ id: '31', name: 'Just close', to: id('Done'), from: [id('In Progress')] }),
    transition({ id: '41', name: 'Secret', to: id('In Review'), permitted: false }),
    transition({ id: '51', name: 'Broken', to: id('In Review'), refusal: 'The branch has no build.' }),
  ]);
  addIssue(jira.state, 'PROJ');
});
afterEach(() => jira.close());

const list = (query = ''): Promise<Reply> => call(jira, `/issue/PROJ-1/transitions${query}`);
const go = (body: unknown): Promise<Reply> =>
  call(jira, '/issue/PROJ-1/transitions', { method: 'POST', body });
const ids = ({ json }: Reply): string[] => {
  const offered: { id: string }[] = json.transitions;
  return offered.map(({ id }) => id);
};
const status = (): string => {
  const { statusId } = jira.people.edit('PROJ-1', {});
  return jira.state.need(jira.state.statuses, statusId).name;
};

it('offers what leads on from the status of the issue, with its target', async () => {
  const reply = await list();
  expect(ids(reply)).toEqual(['11', '21', '51']);
  expect(reply.json.transitions[0]).toMatchObject({
    name: 'Start',
    to: { name: 'In Progress' },
    isGlobal: false,
  });
  expect(reply.json.transitions[0]).not.toHaveProperty('fields');
  expect(ids(await list('?transitionId=21'))).toEqual(['21']);
  expect(ids(await list('?transitionId=31'))).toEqual([]);
  expect(ids(await list('?includeUnavailableTransitions=true'))).toEqual(['11', '21', '31', '41', '51']);
});

it('shows the fields of a screen when they are asked for', async () => {
  const { json } = await list('?expand=transitions.fields');
  expect(json.transitions[1].fields).toMatchObject({
    resolution: { required: true, name: 'Resolution', operations: ['set'] },
    labels: { required: false },
  });
});

it('moves the issue, and then offers what leads on from there', async () => {
  expect((await go({ transition: { id: '11' } })).status).toBe(204);
  expect(status()).toBe('In Progress');
  expect(ids(await list())).toEqual(['21', '31', '51']);
});

it('refuses a transition that is not offered, unknown, forbidden or missing', async () => {
  for (const id of ['31', '41', '99']) expect((await go({ transition: { id } })).status).toBe(400);
  expect((await go({})).status).toBe(400);
  expect(status()).toBe('Backlog');
});

it('passes on what a validator of the workflow says', async () => {
  const { json } = await go({ transition: { id: '51' } });
  expect(json).toEqual({ errorMessages: ['The branch has no build.'], errors: {} });
});

it('asks for required fields, and takes only fields of the screen', async () => {
  const without = await go({ transition: { id: '21' } });
  expect(without.json.errors).toEqual({ resolution: 'Resolution is required.' });
  const fields = { resolution: { name: 'Duplicate' } };
  const other = await go({ transition: { id: '21' }, fields: { ...fields, priority: { name: 'Low' } } });
  expect(Object.keys(other.json.errors)).toEqual(['priority']);
  expect(status()).toBe('Backlog');
  const update = { comment: [{ add: { body: adf('because') } }], labels: [{ add: 'closed' }] };
  expect((await go({ transition: { id: '21' }, fields, update })).status).toBe(204);
  const { json } = await call(jira, '/issue/PROJ-1?fields=status,resolution,comment,labels');
  expect(json.fields).toMatchObject({
    status: { name: 'Done', statusCategory: { key: 'done' } },
    resolution: { name: 'Duplicate' },
    labels: ['closed'],
    comment: { total: 1 },
  });
});

it('gives a done issue a resolution, and takes it away when it is opened again', async () => {
  jira.people.move('PROJ-1', 'In Progress');
  await go({ transition: { id: '31' } });
  expect(jira.state.findByKey('PROJ-1')?.resolution).toBe('Done');
  jira.people.move('PROJ-1', 'Backlog');
  expect(jira.state.findByKey('PROJ-1')?.resolution).toBeNull();
});
