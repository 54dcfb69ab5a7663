// `sortie validate`, `sortie doctor` and `sortie --dry-run` for a workflow on Jira: what they say, their exit codes,
// and that none of them writes anything.

import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  addBlocker,
  addIssue,
  botId,
  setTransitions,
  statusNamed,
  transition,
} from '../../loopback-jira/index.ts';
import { makeSite, type Site } from './site.ts';

interface Finding {
  readonly status: 'ok' | 'warning' | 'problem';
  readonly check: string;
  readonly message: string;
  readonly remedy: string;
}

let site: Site;
beforeEach(async () => {
  site = await makeSite();
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
});
afterEach(async () => {
  const writes = site.jira.requests.filter(({ method, endpoint }) => {
    return method !== 'GET' && endpoint !== 'POST /search/approximate-count';
  });
  expect(writes.map(({ url }) => url)).toEqual([]);
  expect(existsSync(site.folder.file('.sortie.db'))).toBe(false);
  await site.close();
});

describe('sortie validate', () => {
  it('warns that nothing ever ends when terminal_states is empty, and asks Jira nothing', async () => {
    await site.configure({ tracker: { terminal_states: [] } });
    const { code, stderr } = await site.run('validate');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: .*tracker\.terminal_states is empty/m);
    expect(site.jira.requests).toEqual([]);
  });

  it.each([
    ['labels = a ORDER BY created', /ORDER BY/],
    ['labels = a order  by rank', /ORDER BY/],
    ['x) OR (y', /closes nothing/],
    ['(labels = a', /\(/],
    ['summary ~ "a', /quote|"/],
  ])('refuses the query_filter %s', async (filter, reason) => {
    await site.configure({ tracker: { query_filter: filter } });
    const { code, stdout } = await site.run('validate', '--format', 'json');
    const { valid, errors } = JSON.parse(stdout) as { valid: boolean; errors: { message: string }[] };
    expect(code).toBe(1);
    expect(valid).toBe(false);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain('tracker.query_filter');
    expect(errors[0]?.message).toMatch(reason);
    expect(site.jira.requests).toEqual([]);
  });

  it('is what a start asks first', async () => {
    await site.configure({ tracker: { query_filter: 'x) OR (y' } });
    const started = await site.run();
    expect(started.code).toBe(1);
    expect(started.stderr).toContain('tracker.query_filter');
    expect(site.jira.requests).toEqual([]);
  });

  it('takes a filter that only looks dangerous', async () => {
    await site.configure({ tracker: { query_filter: `summary ~ "order by (" OR labels in (a, ')')` } });
    expect((await site.run('validate')).code).toBe(0);
  });
});

describe('sortie doctor', () => {
  async function examine(changes: Parameters<Site['configure']>[0] = {}): Promise<{
    code: number | null;
    ok: boolean;
    of: (check: string, status?: Finding['status']) => Finding[];
  }> {
    await site.configure(changes);
    const { code, stdout, stderr } = await site.run('doctor', '--format', 'json');
    expect(stderr).toBe('');
    expect(stdout).not.toContain('secret-token');
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
    for (const { status, message, remedy } of findings) {
      expect(message).not.toMatch(/\n/);
      // What a check of the settings says has the advice in its one line.
      if (status !== 'ok') expect(remedy !== '' || message.includes('; '), message).toBe(true);
    }
    const seen = findings.map(({ message }) => message);
    expect(new Set(seen).size).toBe(seen.length);
    return {
      code,
      ok,
      of: (check, status) =>
        findings.filter((one) => one.check === check && (!status || one.status === status)),
    };
  }

  it('finds nothing wrong with a good site, line by line', async () => {
    await site.configure({});
    const { code, stdout } = await site.run('doctor');
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/^problem/m);
    expect(stdout).toMatch(/^ok +credentials: .*Sortie Bot/m);
    expect(stdout).toMatch(/^ok +project: .*PROJ/m);
    expect(stdout).toMatch(/^ok +filter: about 1 /m);
    expect(stdout).toMatch(/^ok +transitions: .*"In Progress".*PROJ-1/m);
    expect(stdout).toMatch(/^ok +clock/m);
    const { code: again, ok, of } = await examine();
    expect([again, ok, of('states', 'ok').length]).toEqual([0, true, 4]);
  });

  it('says that a login is refused, and makes no check that would say the same again', async () => {
    for (const one of site.jira.accounts) one.expired = true;
    const { code, ok, of } = await examine();
    expect([code, ok]).toEqual([1, false]);
    expect(of('credentials', 'problem')[0]?.remedy).toMatch(/token/);
    expect(of('project')).toEqual([]);
  });

  it('says that there is no such project', async () => {
    const { code, of } = await examine({ tracker: { project: 'NOPE' } });
    expect(code).toBe(1);
    expect(of('project', 'problem')[0]?.message).toContain('"NOPE"');
    expect(of('project', 'problem')[0]?.remedy).toMatch(/Browse projects/);
  });

  it('says which states nobody has, and which there are', async () => {
    const { code, of } = await examine({ tracker: { terminal_states: ['Done', 'Shipped'] } });
    expect(code).toBe(1);
    const [problem] = of('states', 'problem');
    expect(problem?.message).toContain('"Shipped"');
    expect(problem?.message).not.toContain('"Done"');
    expect(problem?.remedy).toContain('"In Review"');
  });

  it('says what Jira does not understand of the filter', async () => {
    const { code, of } = await examine({ tracker: { query_filter: 'nofield = 1' } });
    expect(code).toBe(1);
    expect(of('filter', 'problem')[0]?.remedy).toContain('nofield = 1');
  });

  it('says that no transition leads to the handoff state, and where the others lead', async () => {
    const { state } = site.jira;
    setTransitions(state, 'PROJ', [
      transition({ id: '11', name: 'Start', to: statusNamed(state, 'In Progress').id }),
    ]);
    const { code, of } = await examine();
    expect(code).toBe(1);
    const [problem] = of('transitions', 'problem');
    expect(problem?.message).toMatch(/"Selected for Development" to "In Review"/);
    expect(problem?.remedy).toContain('"In Progress"');
  });

  it('names the fields that a transition wants', async () => {
    const { state } = site.jira;
    const to = (name: string): string => statusNamed(state, name).id;
    setTransitions(state, 'PROJ', [
      transition({ id: '11', name: 'Start', to: to('In Progress') }),
      transition({
        id: '12',
        name: 'Ask',
        to: to('In Review'),
        screen: [{ fieldId: 'resolution', required: true }],
      }),
    ]);
    const { code, of } = await examine();
    expect(code).toBe(1);
    expect(of('required_fields', 'problem')[0]?.message).toMatch(/resolution/i);
    expect(of('required_fields', 'problem')[0]?.remedy).not.toBe('');
  });

  it('says that an account without permission sees no transition', async () => {
    site.jira.accounts.splice(0, 1, account({ accountId: botId, permissions: new Set() }));
    const { code, of } = await examine();
    expect(code).toBe(1);
    expect(of('transitions', 'problem')[0]?.remedy).toMatch(/Transition issues/);
  });

  it('names the permissions that comments and labels need, and no other', async () => {
    const remedy = async (tracker: object): Promise<string> => {
      const { of } = await examine({ tracker: { handoff_state: '', in_progress_state: '', ...tracker } });
      return of('permissions', 'warning')[0]?.remedy ?? '';
    };
    const parks = await remedy({ park_label: 'stuck', comments: { style: 'living' } });
    expect(parks).toMatch(/"Add comments", "Edit own comments", "Edit issues"/);
    const plain = await remedy({ comments: { on_completion: true } });
    expect(plain).toMatch(/it has "Add comments", and/);
  });

  it('says that the site is down', async () => {
    const { code, of } = await examine({ tracker: { endpoint: 'http://127.0.0.1:9' } });
    expect(code).toBe(1);
    expect(of('credentials', 'problem')[0]?.message).toMatch(/refused/);
    expect(of('credentials', 'problem')[0]?.remedy).toMatch(/tracker\.endpoint/);
  });

  it('warns of priorities whose ids are no ranks', async () => {
    site.jira.state.priorities.unshift({ id: '10000', name: 'Show Stopper' });
    const { code, of } = await examine();
    expect(code).toBe(0);
    expect(of('priorities', 'warning')[0]?.remedy).toMatch(/jira\.priority_order.*"Show Stopper", "Highest"/);
    const named = await examine({ jira: { priority_order: ['Show Stopper', 'Nix'] } });
    expect(named.code).toBe(1);
    expect(named.of('priorities', 'problem')[0]?.message).toContain('"Nix"');
  });

  it('says a wrong setting once, with exit 1', async () => {
    const { code, ok } = await examine({ tracker: { query_filter: 'x) OR (y', terminal_states: [] } });
    expect([code, ok]).toEqual([1, false]);
    const { stdout } = await site.run('doctor');
    expect(stdout.split('closes nothing')).toHaveLength(2);
    await site.configure({ tracker: { terminal_states: [] } });
    expect((await site.run('doctor')).stdout.split('terminal_states is empty')).toHaveLength(2);
  });
});

describe('sortie --dry-run', () => {
  it('says of each candidate what would happen', async () => {
    const { state } = site.jira;
    const blocked = addIssue(state, 'PROJ', { status: 'In Progress' });
    addBlocker(state, addIssue(state, 'PROJ', { status: 'Backlog' }), blocked);
    addIssue(state, 'PROJ', { status: 'Done' });
    await site.configure({});
    const { code, stdout } = await site.run('--dry-run');
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t').slice(0, 2));
    expect(rows).toEqual([
      ['PROJ-1', 'eligible'],
      ['PROJ-2', 'blocked_by'],
    ]);
  });

  it('fails with exit 1 and the reason when Jira refuses the login', async () => {
    for (const one of site.jira.accounts) one.expired = true;
    await site.configure({});
    const { code, stdout, stderr } = await site.run('--dry-run', '--format', 'json');
    expect(code).toBe(1);
    expect(stdout).not.toContain('PROJ-1');
    expect(stderr).toMatch(/tracker_auth_error/);
  });
});
