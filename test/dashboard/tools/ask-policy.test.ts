// The form that asks the policy: what it sends, what it shows, and that an answer never stands beside another question.
import { describe, expect, it, type TestContext } from 'vitest';
import { ToolFault } from '../../../src/contract/agent-tools.ts';
import { NOW_MS } from '../../http/fake-daemon.ts';
import { openPage } from '../browser-page.ts';
import { image, listingWith } from './listing.ts';

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

async function openForm(ctx: TestContext) {
  const opened = await openPage(ctx, { path: '/tools', server: { nowMs: () => NOW_MS } });
  const form = opened.page.getByRole('region', { name: 'What would the policy say?' });
  await form.waitFor();
  return { ...opened, form, verdict: form.locator('.policy-verdict') };
}

describe('asking the policy', () => {
  it('sends operation, issue and fields, and shows decision, rule and group; by keyboard alone', async (ctx) => {
    const { page, daemon, form, verdict } = await openForm(ctx);
    await form.getByLabel('Operation').focus();
    await page.keyboard.press('Home');
    const operation = form.getByLabel('Operation');
    for (let step = 0; step < 40 && (await operation.inputValue()) !== 'create_issue'; step++)
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type(' SHOP-42 ');
    await page.keyboard.press('Tab');
    await page.keyboard.type('priority=High\n\nlabels = a, b\nsummary=404');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await verdict.waitFor();
    expect(daemon.tools.questions).toEqual([
      {
        operation: 'create_issue',
        details: { priority: 'High', labels: ['a', 'b'], summary: '404' },
        issueIdentifier: 'SHOP-42',
      },
    ]);
    expect(flat(await verdict.innerText())).toMatch(
      /^New issue: A person decides by rule 1 \(leads\) People of the group leads decide\./,
    );
  });

  it('says that a limit is used up, rather than that it is allowed', async (ctx) => {
    const { daemon, form, verdict } = await openForm(ctx);
    daemon.tools.policy = {
      decision: 'allow',
      rule: `rule 2 (${image})`,
      ruleNumber: 2,
      group: '',
      limitExceeded: { count: 5, per: 'run' },
    };
    await form.getByRole('button', { name: 'Ask the policy' }).click();
    await verdict.waitFor();
    expect(flat(await verdict.innerText())).toContain(
      `Move: Refused for now by rule 2 (${image}) Its limit of 5/run is used up`,
    );
    expect(await form.locator('img').count()).toBe(0);
    expect(daemon.tools.questions[0]?.issueIdentifier).toBe('');
  });

  it('forgets the answer when the question changes, and when the rules do', async (ctx) => {
    const { page, daemon, form, verdict } = await openForm(ctx);
    const changes: readonly (() => Promise<unknown>)[] = [
      () => form.getByLabel('Operation').selectOption('add_comment'),
      () => form.getByLabel(/^Issue of the run/).fill('A-1'),
      () => form.getByLabel(/^Fields/).fill('body=x'),
      async () => {
        daemon.tools.shown = listingWith({ rules: [] });
        daemon.readiness = { ...daemon.readiness, workflowLoadedAtMs: NOW_MS + 5_000 };
        daemon.change();
      },
    ];
    for (const change of changes) {
      await form.getByRole('button', { name: 'Ask the policy' }).click();
      await verdict.waitFor();
      await change();
      await verdict.waitFor({ state: 'detached' });
    }
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await form.getByLabel(/^Fields/).inputValue()).toBe('body=x');
  });

  it('drops an answer that comes after the question has changed', async (ctx) => {
    const { page, form, verdict } = await openForm(ctx);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/tools/policy', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    const asked = page.waitForRequest('**/tools/policy');
    await form.getByRole('button', { name: 'Ask the policy' }).click();
    await asked;
    await form.getByLabel('Operation').selectOption('add_comment');
    release();
    await page.unroute('**/tools/policy');
    // A question of its own goes through afterwards, and it alone is answered.
    await form.getByRole('button', { name: 'Ask the policy' }).click();
    await verdict.waitFor();
    expect(flat(await verdict.innerText())).toMatch(/^Comment:/);
  });

  it('does not ask about a field that the operation does not have, and tells what the daemon refuses', async (ctx) => {
    const { daemon, form, verdict } = await openForm(ctx);
    await form.getByLabel(/^Fields/).fill('to=Done\nprioriy=High');
    await form.getByRole('button', { name: 'Ask the policy' }).click();
    await form.getByRole('alert').getByText('Line 2: transition_issue has no field “prioriy”.').waitFor();
    expect(await form.getByLabel(/^Fields/).getAttribute('aria-invalid')).toBe('true');
    expect(daemon.tools.questions).toEqual([]);
    daemon.tools.policy = new ToolFault('invalid_arguments', 'to: no such state');
    await form.getByLabel(/^Fields/).fill('to=Done');
    await form.getByRole('button', { name: 'Ask the policy' }).click();
    await form.getByRole('alert').getByText('to: no such state').waitFor();
    expect(await verdict.count()).toBe(0);
  });

  it('has no fields for what takes none', async (ctx) => {
    const { form, verdict, daemon } = await openForm(ctx);
    await form.getByLabel('Operation').selectOption('list_projects');
    expect(await form.getByLabel(/^Fields/).count()).toBe(0);
    await form.getByRole('button', { name: 'Ask the policy' }).click();
    await verdict.waitFor();
    expect(daemon.tools.questions[0]?.details).toEqual({});
  });
});
