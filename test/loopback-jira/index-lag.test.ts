// The search index lags, by-id reads do not; what is reconciled is current too.
import { expect, it } from 'vitest';
import { call, keysOf, search, withJira } from './client.ts';
import { addIssue } from './index.ts';

const backlog = 'project = PROJ AND status = Backlog ORDER BY key ASC';

it('shows search the site of so many milliseconds ago', async () => {
  let nowMs = 1_000_000;
  await withJira({ now: () => nowMs, settings: { indexLagMs: 5000 } }, async (jira) => {
    addIssue(jira.state, 'PROJ');
    nowMs += 5000;
    expect(await keysOf(jira, backlog)).toEqual(['PROJ-1']);
    jira.people.move('PROJ-1', 'Done');
    const byId = await call(jira, '/issue/PROJ-1?fields=status');
    expect(byId.json.fields.status.name).toBe('Done');
    nowMs += 4999;
    const stale = await search(jira, backlog, '&fields=status');
    expect(stale.json.issues[0].fields.status.name).toBe('Backlog');
    const count = await call(jira, '/search/approximate-count', { method: 'POST', body: { jql: backlog } });
    expect(count.json.count).toBe(1);
    nowMs += 1;
    expect(await keysOf(jira, backlog)).toEqual([]);
  });
});

it('shows a change to search only after so many requests', async () => {
  await withJira({}, async (jira) => {
    addIssue(jira.state, 'PROJ');
    await keysOf(jira, backlog);
    jira.settings.indexLagRequests = 2;
    jira.people.delete('PROJ-1');
    expect(await keysOf(jira, backlog)).toEqual(['PROJ-1']);
    expect((await call(jira, '/issue/PROJ-1')).status).toBe(404);
    expect(await keysOf(jira, backlog)).toEqual([]);
  });
});

it('gives the current state of the ids that are to be reconciled', async () => {
  await withJira({ settings: { indexLagMs: 60_000 } }, async (jira) => {
    const { id } = addIssue(jira.state, 'PROJ');
    expect(await keysOf(jira, backlog)).toEqual([]);
    const { json } = await search(jira, backlog, `&fields=key&reconcileIssues=${id}`);
    expect(json.issues).toHaveLength(1);
  });
});
