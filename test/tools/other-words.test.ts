// No rule is passed by another word for the same thing: another spelling of a project, a link said from its other end,
// the run's own issue under a key that it has only had since.

import { expect, it } from 'vitest';
import type { TrackerSchema } from '../../src/contract/tracker-capabilities.ts';
import { toolRule } from '../workflow/tool-settings.ts';
import { kindOf, openDesk } from './desk.ts';
import { createSite } from './site.ts';
import { writeTool } from './write-tool.ts';

it('knows a project that is spelled with letters that are the same in capitals only', async () => {
  const rule = toolRule({ operations: ['create_issue'], decision: 'deny', when: { project: ['ops'] } });
  const desk = await openDesk({ writeDefault: 'allow', rules: [rule], projects: ['*'] });
  const run = await desk.run();
  for (const projectKey of ['OPS', 'ops', ' Ops ', 'OPſ']) {
    const answer = await run.write('create_issue', { projectKey, issueType: 'Bug', summary: 'x' });
    expect([projectKey, kindOf(answer)]).toEqual([projectKey, 'policy_denied']);
  }
  expect(desk.site.writes).toEqual([]);
});

it('knows a link by its name and by what is said from either end', async () => {
  const site = createSite([writeTool]);
  const { tracker } = site as unknown as { tracker: { discoverSchema(): Promise<TrackerSchema> } };
  const linkTypes = [
    { name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
    { name: 'Relates', inward: 'relates to', outward: 'relates to' },
  ];
  const known = { projects: [], issueTypes: [], statuses: [], priorities: [], fields: [], linkTypes };
  tracker.discoverSchema = async () => known;
  const rule = toolRule({ operations: ['link_issues'], decision: 'deny', when: { link_type: ['blocks'] } });
  const desk = await openDesk({ writeDefault: 'allow', rules: [rule] }, { site });
  const run = await desk.run();
  const link = (linkType: string) =>
    run.write('link_issues', { issueKey: 'ENG-1', targetIssueKey: 'ENG-2', linkType });
  for (const linkType of ['Blocks', 'is blocked by', ' IS BLOCKED BY '])
    expect([linkType, kindOf(await link(linkType))]).toEqual([linkType, 'policy_denied']);
  expect((await link('relates to')).ok).toBe(true);
});

it('knows the issue of the run after it was moved to another project', async () => {
  const rule = toolRule({ decision: 'deny', when: { issue: ['own'] } });
  const desk = await openDesk({ writeDefault: 'allow', rules: [rule], projects: ['*'] });
  const run = await desk.run();
  desk.site.edit('1', { identifier: 'OPS-7' });
  for (const issueKey of ['1', 'ENG-1', 'OPS-7'])
    expect(kindOf(await run.write('add_comment', { issueKey, body: 'x' }))).toBe('policy_denied');
});
