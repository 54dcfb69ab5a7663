// A type of link that the site does not have is refused before any person sees it, with those that it has.

import { expect, it } from 'vitest';
import type { TrackerSchema } from '../../src/contract/tracker-capabilities.ts';
import { toolRule } from '../workflow/tool-settings.ts';
import { kindOf, openDesk, type Desk } from './desk.ts';
import { createSite } from './site.ts';
import { writeTool } from './write-tool.ts';

const TYPES = [
  { name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
  { name: 'Relates', inward: 'relates to', outward: 'relates to' },
];
const NONE =
  'the site has no link type "nope"; there are: Blocks (blocks / is blocked by), Relates (relates to / relates to)';

async function deskWith(linkTypes: TrackerSchema['linkTypes']): Promise<Desk> {
  const site = createSite([writeTool]);
  const { tracker } = site as unknown as { tracker: { discoverSchema(): Promise<TrackerSchema> } };
  const bare = { projects: [], issueTypes: [], statuses: [], priorities: [], fields: [] };
  tracker.discoverSchema = async () => ({ ...bare, linkTypes });
  const rule = toolRule({ operations: ['link_issues'], decision: 'deny', when: { link_type: ['blocks'] } });
  return openDesk({ rules: [rule], approval: { timeoutMs: 1e6, onTimeout: 'expire', waitMs: 0 } }, { site });
}

const link = (linkType: string) => ({ issueKey: 'ENG-1', targetIssueKey: 'ENG-2', linkType });
const question = (linkType: string) =>
  ({ operation: 'link_issues', details: { linkType }, issueIdentifier: 'ENG-1' }) as const;

it('is refused with those that there are, and proposes nothing', async () => {
  const desk = await deskWith(TYPES);
  const run = await desk.run();
  const answer = await run.write('link_issues', link('nope'));
  expect(kindOf(answer)).toBe('invalid_arguments');
  expect(answer.body).toMatchObject({ error: { message: NONE } });
  expect((await desk.tools().view.approvals({ limit: 1 })).approvals).toEqual([]);
});

it('is refused by explain as well, which knows a type by each of its phrases', async () => {
  const desk = await deskWith(TYPES);
  const { explainPolicy } = desk.tools().view;
  await expect(explainPolicy(question('nope'))).rejects.toThrow(NONE);
  expect(await explainPolicy(question('is blocked by'))).toMatchObject({ decision: 'deny' });
  expect(await explainPolicy(question('relates to'))).toMatchObject({ decision: 'approve' });
});

it('is let pass where the tracker gives none: it judges itself', async () => {
  for (const none of [undefined, []]) {
    const desk = await deskWith(none);
    const run = await desk.run();
    const asked = run.write('link_issues', link('nope'));
    let kind: string | null = null;
    void asked.then((answer) => (kind = kindOf(answer)));
    while (kind === null) {
      desk.clock.pass(0);
      await new Promise((done) => setImmediate(done));
    }
    expect(kind).toBe('');
    expect(await desk.tools().view.explainPolicy(question('nope'))).toMatchObject({ decision: 'approve' });
  }
});
