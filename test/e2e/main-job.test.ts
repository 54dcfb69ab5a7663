// The main job, from outside: issues in a file go from active through running to their handoff state, and people
// can see it on the API, in the metrics and in the file.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseSettings, freePort, getJson, makeFolder, makeIssue, until, type Folder } from './program.ts';

interface State {
  readonly counts: { readonly running: number; readonly retrying: number; readonly parked: number };
}
interface History {
  readonly runs: readonly { readonly issue_identifier: string; readonly status: string }[];
}

describe('the main job', () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = await makeFolder();
  });
  afterEach(async () => {
    expect(await folder.close()).toEqual([]);
  });

  it('hands every eligible issue off and shows it everywhere', async () => {
    await folder.writeIssues([
      makeIssue(1),
      makeIssue(2, { state: 'In Progress', priority: 1 }),
      makeIssue(3, { state: 'Done' }),
      makeIssue(4, { blocked_by: [{ id: '3', identifier: 'E2E-3', state: 'Done' }] }),
      makeIssue(5, { blocked_by: [{ id: '6', identifier: 'E2E-6' }] }),
      makeIssue(6, { state: 'Backlog' }),
    ]);
    const command = `cat > prompt.txt; echo '{"event":"token_usage","input_tokens":100,"output_tokens":10,"cache_read_tokens":20,"model":"m"}'`;
    await folder.writeWorkflow({
      ...baseSettings(folder, command),
      server: { port: 0 },
    });
    const program = folder.start(['--port', await freePort()]);
    const url = await program.url();

    await until('three issues in review', async () => {
      const issues = await folder.issues();
      return issues.filter(({ state }) => state === 'In Review').length === 3;
    });
    const history = await until('three runs in the history', async () => {
      const page = await getJson<History>(`${url}/api/v1/history`);
      return page.runs.length === 3 ? page : null;
    });
    const states = Object.fromEntries((await folder.issues()).map((one) => [one.identifier, one.state]));
    // The daemon hears of its last handoff a moment after the file shows it.
    const handedOff = 'sortie_handoff_transitions_total{result="success"} 3';
    const metrics = await until('the last handoff to be counted', async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return text.includes(handedOff) && text;
    });
    const state = await until('nothing to be under way', async () => {
      const shown = await getJson<State>(`${url}/api/v1/state`);
      return shown.counts.running === 0 && shown;
    });

    expect(states).toEqual({
      'E2E-1': 'In Review',
      'E2E-2': 'In Review',
      'E2E-3': 'Done',
      'E2E-4': 'In Review',
      'E2E-5': 'To Do',
      'E2E-6': 'Backlog',
    });
    expect(history.runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(state.counts).toEqual({ running: 0, retrying: 0, parked: 0 });
    expect(metrics).toContain('sortie_dispatches_total{outcome="success"} 3');
    expect(metrics).toContain('sortie_tokens_total{type="input"} 300');

    program.child.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
  });
});
