// Lifecycle comments on Jira. Plain: one for each event. Living: one for the issue, edited in place. Never two where
// one was meant, whatever became of the answer or of the daemon.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssue, annId, botId, checkAdf } from '../../loopback-jira/index.ts';
import { until } from '../program.ts';
import { makeSite, textOf, type Site } from './site.ts';

const POST = 'POST /issue/{issueIdOrKey}/comment';
const PUT = 'PUT /issue/{issueIdOrKey}/comment/{id}';
const all = { on_dispatch: true, on_completion: true, on_failure: true };

let site: Site;
beforeEach(async () => {
  site = await makeSite();
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
});
afterEach(() => site.close());

const texts = (): string[] => site.comments('PROJ-1').map(({ body }) => textOf(body));
const failOnce = (): string => `if [ $SORTIE_ATTEMPT = 0 ]; then echo 'no *luck* <b>' >&2; exit 1; fi`;

it('are one for each event in the plain style', async () => {
  await site.configure({ tracker: { comments: all }, agent: { command: failOnce() } });
  await site.start();
  await until('the last comment', () => texts().some((text) => text.includes('finished')));
  expect(texts()).toHaveLength(4);
  expect(texts()[1]).toContain('attempt 0 failed');
  expect(texts()[3]).toContain('finished (attempt 1');
  expect(site.requestsTo(PUT)).toEqual([]);
});

it('are written once although every answer is lost', async () => {
  await site.configure({ tracker: { comments: all } });
  const lost = site.jira.faults.add({ endpoint: POST, fault: { kind: 'reset', at: 'after-applied' } });
  const daemon = await site.start();
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
  await until('the last comment', () => texts().some((text) => text.includes('finished')));
  await daemon.ticks(3);
  expect(lost.hits()).toBe(2);
  expect(texts()).toHaveLength(2);
});

it('are one comment, edited in place, in the living style', async () => {
  await site.configure({
    tracker: { comments: { ...all, style: 'living' } },
    agent: { command: `echo '{"event":"token_usage","input_tokens":7,"output_tokens":3}'; ${failOnce()}` },
  });
  const bodies: string[] = [];
  site.jira.hooks.applied = ({ endpoint }) => {
    if (endpoint === POST || endpoint === PUT) bodies.push(texts().at(-1) ?? '');
  };
  const daemon = await site.start();
  await until('the last word', () => texts()[0]?.includes('finished'));
  await daemon.ticks(2);

  expect(texts()).toHaveLength(1);
  expect(texts()[0]).toMatch(/Attempt: 1/);
  expect(texts()[0]).toMatch(/Tokens: 7 in, 3 out/);
  expect(bodies.map((body) => /Sortie: (\w+)/.exec(body)?.[1])).toEqual([
    'working',
    'failed',
    'working',
    'finished',
  ]);
  expect(bodies[1]).toContain('no *luck* <b>');
  expect(site.requestsTo(POST)).toHaveLength(1);
  // An edit sends no mail.
  expect(site.requestsTo(PUT).every(({ query }) => query['notifyUsers']?.[0] === 'false')).toBe(true);
  expect(site.comments('PROJ-1').map(({ body }) => checkAdf(body))).toEqual([null]);
});

it('stay one living comment when the answer to the first write is lost', async () => {
  await site.configure({ tracker: { comments: { ...all, style: 'living' } } });
  site.jira.faults.once(POST, { kind: 'reset', at: 'after-applied' });
  const daemon = await site.start();
  await until('the last word', () => texts()[0]?.includes('finished'));
  await daemon.ticks(2);
  expect(texts()).toHaveLength(1);
});

it('stay one living comment when the daemon dies between the write and its answer', async () => {
  await site.configure({ tracker: { comments: { ...all, style: 'living' } } });
  const hold = site.jira.holds.hold('applied', POST);
  const first = await site.start();
  await hold.reached;
  first.program.child.kill('SIGKILL');
  await first.program.exit;
  hold.release();
  expect(texts()).toHaveLength(1);

  // A person's comment with the same words is not ours.
  const [ours] = site.comments('PROJ-1');
  site.jira.people.comment('PROJ-1', ours?.body ?? '', annId);
  const second = await site.start();
  await until('the last word', () => texts()[0]?.includes('finished'));
  await second.ticks(2);
  expect(site.comments('PROJ-1').map(({ authorId }) => authorId)).toEqual([botId, annId]);
  expect(texts()[1]).toContain('working');
});

it('come again when a person has deleted the living comment', async () => {
  const go = site.folder.file('go');
  await site.configure({
    tracker: { comments: { ...all, style: 'living' } },
    agent: { command: `while [ ! -e ${go} ]; do sleep 0.1; done` },
  });
  await site.start();
  const id = await until('the comment', () => site.comments('PROJ-1')[0]?.id);
  site.jira.people.deleteComment(id);
  await site.folder.write('go', '');
  await until('another one', () => texts()[0]?.includes('finished'));
  expect(texts()).toHaveLength(1);
});
