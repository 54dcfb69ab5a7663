// Moving an issue: the seed's requests, which of several ways, what is refused and what a lost answer means.
import { expect, it } from 'vitest';
import { scripted, type Asked, type Reply, type Scripted } from './scripted-jira.ts';
import { failure, never } from './jira-context.ts';

interface World {
  /** The status that Jira holds. */
  state: string;
  transitions: object[];
  /** What the write does and answers. */
  write: (world: World) => Reply;
}

function way(id: string, to: string, fields: Record<string, object> = {}): object {
  return { id, name: `Go ${id}`, to: { name: to }, fields };
}

const resolution = { name: 'Resolution', required: true, hasDefaultValue: false };
const component = { name: 'Component', required: true, hasDefaultValue: true };

async function jira(changes: Partial<World>): Promise<Scripted & { world: World; writes: () => Asked[] }> {
  const world: World = {
    state: 'To Do',
    transitions: [way('31', 'Done')],
    write: (self) => {
      self.state = 'Done';
      return { status: 204 };
    },
    ...changes,
  };
  const made = await scripted(({ method, path }) => {
    if (method === 'POST') return world.write(world);
    if (path.endsWith('/transitions')) return { body: { transitions: world.transitions } };
    return { body: { id: '7', key: 'PROJ-7', fields: { status: { name: world.state } } } };
  });
  return { ...made, world, writes: () => made.asked.filter(({ method }) => method === 'POST') };
}

it('sends the seed’s requests and nothing more without `from`', async () => {
  const { tracker, asked } = await jira({});
  await tracker.transitionIssue('7', 'dONE', {}, never);
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /rest/api/3/issue/7/transitions',
    'POST /rest/api/3/issue/7/transitions',
  ]);
  expect(asked[0]?.query.get('expand')).toBe('transitions.fields');
  expect(asked[1]?.body).toEqual({ transition: { id: '31' } });
});

it('prefers a way without required fields, then one whose fields have defaults', async () => {
  const ways = [
    way('1', 'Done', { resolution }),
    way('2', 'Done', { component }),
    way('3', 'Done', { x: {} }),
  ];
  for (const [transitions, chosen] of [
    [ways, '3'],
    [ways.slice(0, 2), '2'],
  ] as const) {
    const { tracker, writes } = await jira({ transitions: [...transitions] });
    await tracker.transitionIssue('7', 'Done', {}, never);
    expect(writes().map(({ body }) => body)).toEqual([{ transition: { id: chosen } }]);
  }
});

it('names the required fields when no way is free of them, and writes nothing', async () => {
  const { tracker, writes } = await jira({ transitions: [way('1', 'Done', { resolution })] });
  const error = await failure(tracker.transitionIssue('7', 'Done', {}, never));
  expect(error.kind).toBe('tracker_payload_error');
  expect(error.message).toContain('"Resolution"');
  expect(writes()).toEqual([]);
});

it('matches the target, never the transition’s name', async () => {
  const named = { id: '1', name: 'Done', to: { name: 'In Progress' } };
  const { tracker } = await jira({ transitions: [named] });
  const error = await failure(tracker.transitionIssue('7', 'Done', {}, never));
  expect(error.message).toBe(
    'tracker: tracker_payload_error: POST /rest/api/3/issue/7/transitions: no transition leads from "To Do" to "Done"; it leads to: "In Progress"; add one to the workflow or correct the state\'s name',
  );
});

it('says both reasons for an empty list', async () => {
  const { tracker } = await jira({ transitions: [] });
  const { message } = await failure(tracker.transitionIssue('7', 'Done', {}, never));
  expect(message).toMatch(/workflow has none.*Transition issues/);
});

it('is done when the issue is there already', async () => {
  const { tracker, writes } = await jira({ state: 'Done', transitions: [] });
  await tracker.transitionIssue('7', 'Done', {}, never);
  await tracker.transitionIssue('7', 'Done', { from: ['done'] }, never);
  expect(writes()).toEqual([]);
});

it('reads the state again for `from`, and refuses when a person has moved the issue', async () => {
  const { tracker, asked } = await jira({ state: 'Cancelled' });
  const error = await failure(tracker.transitionIssue('7', 'Done', { from: ['To Do', 'Doing'] }, never));
  expect(error.message).toContain('the issue is in "Cancelled", not in one of: "To Do", "Doing"; not moved');
  expect(asked.map(({ path }) => path)).toEqual(['/rest/api/3/issue/7']);
});

it('takes a write whose answer was lost for done when the issue is there', async () => {
  const { tracker, writes } = await jira({
    write: (world) => {
      world.state = 'Done';
      return 'lost';
    },
  });
  await tracker.transitionIssue('7', 'Done', { from: ['To Do'] }, never);
  expect(writes().length).toBe(1);
});

it('fails on a lost answer when the issue is not there, and does not send it again by itself', async () => {
  const { tracker, writes } = await jira({ write: () => ({ status: 502 }) });
  expect((await failure(tracker.transitionIssue('7', 'Done', {}, never))).kind).toBe(
    'tracker_transport_error',
  );
  expect(writes().length).toBe(1);
});

it('does not believe a 204 that moved nothing', async () => {
  const { tracker } = await jira({ write: () => ({ status: 204 }) });
  const error = await failure(tracker.transitionIssue('7', 'Done', { from: ['To Do'] }, never));
  expect(error.kind).toBe('tracker_payload_error');
  expect(error.message).toContain('still in "To Do"');
});

it('lets automation move the issue on', async () => {
  const { tracker } = await jira({
    write: (world) => {
      world.state = 'Released';
      return { status: 204 };
    },
  });
  await tracker.transitionIssue('7', 'Done', { from: ['To Do'] }, never);
});

it('writes nothing once its signal has fired', async () => {
  const controller = new AbortController();
  const made = await jira({});
  const moving = made.tracker.transitionIssue('7', 'Done', { from: ['To Do'] }, controller.signal);
  while (made.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort();
  await expect(moving).rejects.toMatchObject({ name: 'AbortError' });
  expect(made.world.state).toBe('To Do');
});
