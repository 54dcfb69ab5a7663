// One proposal in a real browser: what would change beside what stands there, every field editable, and a decision that
// takes two deliberate steps.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../http/fake-daemon.ts';
import { COMMENT_ID, DECIDED_ID, EXPIRED_ID, MOVE_ID, proposal } from '../../http/fake-proposals.ts';
import { decide, flat, openProposal } from './proposal.ts';

describe('what would change', () => {
  it('stands beside what is there, field by field', async (ctx) => {
    const { page, complaints } = await openProposal(ctx, COMMENT_ID);
    const row = (name: string) => page.locator(`[data-field="${name}"]`);
    expect(flat(await row('priority').innerText())).toMatch(/Priority from Medium → to Low/);
    expect(flat(await row('labels').innerText())).toMatch(/import \+ added: suppliers/);
    expect(await row('description').locator('.diff-line').allTextContents()).toEqual([
      'Fails on an empty line.',
      '',
      '−removed: Why?',
      '+added: Skip such lines.',
    ]);
    expect(flat(await page.locator('.proposal-facts').innerText())).toMatch(
      /Asked during SHOP-57 \(its run\), 2m ago Its state then To Do Who decides anybody, by default for writes Expires in 23h 5\dm/,
    );
    expect(await page.getByRole('link', { name: 'its run' }).getAttribute('href')).toMatch(
      /^\/issues\/SHOP-57\?run=7a6f8f5e/,
    );
    await expect.poll(() => page.title()).toMatch(/Proposal/);
    expect(complaints).toEqual([]);
  });

  it('is a move from state to state', async (ctx) => {
    const { page } = await openProposal(ctx, MOVE_ID);
    expect(flat(await page.locator('[data-field="to"]').innerText())).toMatch(/from In Progress → to Done/);
  });
});

describe('editing', () => {
  it('marks what was changed, puts it back, and sends what differs alone', async (ctx) => {
    const { page, sent } = await openProposal(ctx, COMMENT_ID);
    await page.getByRole('button', { name: 'Edit Description' }).click();
    const description = page.getByRole('textbox', { name: 'Description' });
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    await description.fill('Fails.\nSkip <b>it</b>.');
    await page.getByRole('button', { name: 'Edit Priority' }).click();
    await page.getByRole('textbox', { name: 'Priority' }).fill('Highest');
    await page.locator('[data-field="priority"][data-edited]').getByText('Asked for: Low').waitFor();
    await page.getByRole('button', { name: 'Put back Priority' }).click();
    expect(await page.locator('[data-edited]').count()).toBe(1);
    await page.getByRole('button', { name: 'Edit Labels' }).click();
    await page.getByRole('button', { name: 'Take out import' }).click();
    const add = page.getByRole('textbox', { name: 'Add to Labels' });
    await add.fill('csv, suppliers');
    await add.press('Enter');
    await page.getByRole('button', { name: 'Leave out Priority' }).click();
    await page.getByRole('combobox', { name: 'Add a field' }).selectOption('assignee');
    await page.getByRole('textbox', { name: 'Assignee' }).fill('ben@example.com');
    await decide(page, 'Approve with changes');
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    expect(sent).toEqual([
      {
        status: 'approved',
        modifiedDetails: {
          description: 'Fails.\nSkip <b>it</b>.',
          labels: ['suppliers', 'csv'],
          priority: null,
          assignee: 'ben@example.com',
        },
      },
    ]);
  });

  it('takes custom fields as JSON, and sends none that cannot be read', async (ctx) => {
    const { page, sent } = await openProposal(ctx, 'custom', {
      arrange: ({ tools }) => {
        const details = { issueKey: 'SHOP-42', customFields: { Points: 3, Team: 'blue' } };
        const before = {
          atMs: NOW_MS,
          state: 'To Do',
          updatedAt: '',
          fields: { 'customFields.Points': '5' },
        };
        tools.proposals = [proposal({ id: 'custom', action: 'update_issue', details, before })];
      },
    });
    expect(flat(await page.locator('[data-field="customFields"]').innerText())).toMatch(
      /Points from 5 → to 3 Team blue/,
    );
    await page.getByRole('button', { name: 'Edit Custom fields' }).click();
    const json = page.getByRole('textbox', { name: 'Custom fields as JSON' });
    await json.fill('{"Points": 8');
    await page.getByRole('alert').getByText('This is no JSON yet').waitFor();
    await page.getByRole('button', { name: 'Approve…' }).click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await json.fill('[1]');
    await page.getByRole('alert').getByText('It must be an object').waitFor();
    await json.fill('{"Points": 8}');
    await decide(page, 'Approve with changes');
    await expect
      .poll(() => sent)
      .toEqual([{ status: 'approved', modifiedDetails: { customFields: { Points: 8 } } }]);
  });

  it('does not let what is needed be empty, and lets an assignment name nobody', async (ctx) => {
    const { page, sent } = await openProposal(ctx, 'assign', {
      arrange: ({ tools }) => {
        const details = { issueKey: 'SHOP-42', assignee: 'anna' };
        tools.proposals = [proposal({ id: 'assign', action: 'assign_issue', details })];
      },
    });
    await page.getByRole('button', { name: 'Edit Issue', exact: true }).click();
    await page.getByRole('textbox', { name: 'Issue', exact: true }).fill('');
    await page.getByRole('alert').getByText('It cannot be empty.').waitFor();
    await page.getByText('What is marked in red cannot be sent').waitFor();
    await page.getByRole('button', { name: 'Put back Issue' }).click();
    await page.getByRole('button', { name: 'Edit Assignee' }).click();
    await page.getByRole('textbox', { name: 'Assignee' }).fill('');
    await decide(page, 'Approve with changes');
    await expect.poll(() => sent).toEqual([{ status: 'approved', modifiedDetails: { assignee: null } }]);
  });
});

describe('the decision', () => {
  it('takes two deliberate steps: no Enter approves, however often it is pressed', async (ctx) => {
    const { page, sent } = await openProposal(ctx, MOVE_ID);
    await page.getByRole('button', { name: 'Edit To state' }).click();
    for (let press = 0; press < 3; press++) await page.keyboard.press('Enter');
    await page.getByLabel('Note').focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Approve…' }).focus();
    for (let press = 0; press < 7; press++) await page.keyboard.press('Enter');
    expect(sent).toEqual([]);
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Not yet');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    expect(sent).toEqual([{ status: 'approved' }]);
  });

  it('of a rejection sends the note and none of the changes, and says so', async (ctx) => {
    const { page, sent } = await openProposal(ctx, MOVE_ID);
    await page.getByRole('button', { name: 'Edit To state' }).click();
    await page.getByRole('textbox', { name: 'To state' }).fill('In Review');
    await page.getByLabel('Note').fill('Not finished.');
    await page.getByRole('button', { name: 'Reject…' }).click();
    await page.getByRole('dialog').getByText('Your changes are not sent.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await page.getByText('Rejected', { exact: true }).first().waitFor();
    expect(sent).toEqual([{ status: 'rejected', decisionNote: 'Not finished.' }]);
  });

  it.for([
    ['policy_denied', 'the policy denies what this would do now (rule 2)', false],
    ['not_in_group', 'this now falls to the group leads, which you are not in', true],
    ['store_failed', 'the decision could not be recorded: nothing has changed; try again', true],
    ['tracker_failed', 'the tracker took too long; decide again', true],
  ] as const)(
    'that is refused by %s says it in the daemon’s words and keeps the draft',
    async (given, ctx) => {
      const [code, message, staysOpen] = given;
      const { page, daemon } = await openProposal(ctx, MOVE_ID);
      daemon.tools.answer = { kind: 'refused', code, message, approval: null };
      await page.getByRole('button', { name: 'Edit To state' }).click();
      await page.getByRole('textbox', { name: 'To state' }).fill('In Review');
      await decide(page, 'Approve with changes');
      await page.getByRole('alert').getByText(message).first().waitFor();
      expect(await page.getByRole('dialog').count()).toBe(staysOpen ? 1 : 0);
      expect(await page.locator('[data-field="to"][data-edited]').count()).toBe(1);
      // It may be tried again.
      daemon.tools.answer = null;
      if (staysOpen)
        await page.getByRole('dialog').getByRole('button', { name: 'Approve with changes' }).click();
      else await decide(page, 'Approve with changes');
      await page.getByRole('heading', { name: 'The decision' }).waitFor();
    },
  );

  it('whose answer was lost is looked at before it is said again', async (ctx) => {
    const { page, daemon } = await openProposal(ctx, MOVE_ID);
    await page.route('**/api/v1/approvals/*', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      // It arrives, and its answer does not.
      await route.fetch();
      return route.abort();
    });
    await decide(page, 'Approve');
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    expect(daemon.tools.decisions).toHaveLength(1);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('a decided proposal', () => {
  it('says who, when, the note, what was changed and what became of it', async (ctx) => {
    const { page } = await openProposal(ctx, DECIDED_ID);
    const text = flat(await page.getByRole('main').innerText());
    expect(text).toMatch(
      /Approved, changed by anna 08:50 UTC \(40m ago\) said how many What was changed Comment/,
    );
    expect(text).toMatch(/refuses these invoices.*refuses three of these invoices.*Done commented SHOP-31/);
    expect(await page.getByRole('button', { name: /Approve|Reject|Edit/ }).count()).toBe(0);
  });

  it('says that nobody decided it', async (ctx) => {
    const { page } = await openProposal(ctx, EXPIRED_ID);
    await page.getByText('What was asked for').waitFor();
    expect(flat(await page.getByRole('main').innerText())).toMatch(/Expired by sortie.*Assignee.*nobody/);
  });

  it('that nobody knows is said in the daemon’s words', async (ctx) => {
    const { page } = await openProposal(ctx, MOVE_ID);
    await page.evaluate(
      "history.pushState(null, '', '/approvals/unknown'); dispatchEvent(new PopStateEvent('popstate'))",
    );
    await page.getByRole('alert').getByText('no proposal "unknown" is known').waitFor();
  });

  it('follows its writes until they have ended', async (ctx) => {
    const { page, daemon } = await openProposal(ctx, MOVE_ID);
    await decide(page, 'Approve');
    await page.getByText('on its way').waitFor();
    const { tools } = daemon;
    tools.proposals = tools.proposals.map((one) =>
      one.id === MOVE_ID
        ? {
            ...one,
            result: { status: 'refused', message: 'somebody moved it meanwhile', issues: ['SHOP-42'] },
          }
        : one,
    );
    tools.writes = tools.writes.slice(1);
    tools.change();
    await page.getByText('somebody moved it meanwhile').waitFor();
    expect(flat(await page.locator('.proposal-marks').innerText())).toBe('Move Approved Not done');
  });
});
