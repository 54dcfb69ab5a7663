// An agent that tries to allow what it has asked for, by the operator's port: it may look, and its decision counts for
// nothing, although nobody is asked for a token there.

import { readFile, rename } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { until } from '../program.ts';
import { decide, waiting } from './decisions.ts';
import { makeDesk, type Desk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.close());

/** What a cunning agent runs, in its workspace. */
const APPROVES = `
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const folder = process.argv[2];
const url = readFileSync(folder + '/url', 'utf8');
(async () => {
  const { approvals } = await (await fetch(url + '/api/v1/approvals')).json();
  const answers = [];
  for (const { id } of approvals) {
    const response = await fetch(url + '/api/v1/approvals/' + id, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'approved', decisionNote: 'surely' }),
    });
    answers.push([response.status, (await response.json()).error?.code]);
  }
  const put = folder + '/answers.part';
  writeFileSync(put, JSON.stringify(answers));
  renameSync(put, folder + '/answers');
})();
`;

it('is refused, and a person still decides', async () => {
  desk = await makeDesk();
  const { path } = desk.folder;
  await desk.folder.write('approve.cjs', APPROVES);
  const node = process.execPath;
  const tries =
    `(while [ ! -e ${path}/url ]; do sleep 0.05; done; ${node} ${path}/approve.cjs ${path}) & ` +
    desk.command;
  await desk.configure({
    tools: { default: 'approve', approval: { wait_ms: 50 } },
    agent: { command: tries },
  });
  desk.addIssues(1);
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  await agent.call('tracker_api', { operation: 'add_comment', body: 'Let me' });
  const { id } = await waiting(daemon);
  await desk.folder.write('url.part', daemon.url);
  await rename(`${path}/url.part`, `${path}/url`);
  const answers = await until('its tries', () => readFile(`${path}/answers`, 'utf8').catch(() => null));
  expect(JSON.parse(answers)).toEqual([[403, 'agent_refused']]);
  expect(await waiting(daemon)).toMatchObject({ id, status: 'pending' });
  await daemon.ticks(2);
  expect(desk.comments('PROJ-1')).toEqual([]);
  expect(await decide(daemon, id, { status: 'rejected' })).toMatchObject({ status: 200 });
});
