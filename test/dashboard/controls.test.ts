// Each control asks first, names the consequence, sends one word, and says what came of it.
import { describe, expect, it } from 'vitest';
import { NOW_MS, snapshot } from '../http/fake-daemon.ts';
import { openPage } from './browser-page.ts';

const controls = [
  ['Cancel SHOP-42', 'cancel', 'SHOP-42', /agent is stopped now/],
  ['Retry now SHOP-57', 'retry', 'SHOP-57', /fresh allowance/],
  ['Release SHOP-57', 'release', 'SHOP-57', /forgotten/],
  ['Hold SHOP-57', 'hold', 'SHOP-57', /not started, whatever changes/],
  ['Retry now SHOP-31', 'retry', 'SHOP-31', /fresh allowance/],
  ['Run now SHOP-61', 'dispatch', 'SHOP-61', /before everything else that waits/],
  ['Take off hold SHOP-99', 'unhold', 'SHOP-99', /judges it anew/],
  ['Pause', 'pause', null, /Nothing new is started/],
  ['Drain', 'drain', null, /can be stopped without losing work/],
] as const;

const withHeld = (): ReturnType<typeof snapshot> => {
  const base = snapshot();
  const held = { ...base.parked[0], issueId: '99', issueIdentifier: 'SHOP-99', reason: 'held' } as never;
  return { ...base, parked: [...base.parked, held] };
};

describe('the controls', () => {
  it('ask, name the consequence, and send the word with its reason', async (ctx) => {
    const { page, daemon, complaints } = await openPage(ctx, {
      arrange: (fake) => {
        fake.snapshot = withHeld();
        fake.controlAnswer = { kind: 'accepted', message: 'so be it' };
      },
    });
    for (const [button, control, identifier, consequence] of controls) {
      await page.getByRole('button', { name: button, exact: true }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.innerText()).toMatch(consequence);
      await dialog.getByLabel('Reason').fill(`because of ${control}`);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      expect(daemon.controls.at(-1)).toEqual({
        control,
        identifier,
        word: { by: 'operator', reason: `because of ${control}` },
      });
      await page.getByText('so be it').last().waitFor();
    }
    expect(daemon.controls.length).toBe(controls.length);
    expect(complaints).toEqual([]);
  });

  it('show what follows: a cancelled issue is on hold, a paused daemon can be resumed', async (ctx) => {
    const { page } = await openPage(ctx);
    await page.getByRole('button', { name: 'Cancel SHOP-42' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel SHOP-42' }).click();
    await page.getByRole('button', { name: 'Take off hold SHOP-42' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Dispatch is paused.', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Dispatching').waitFor();
  });

  it('claim nothing when no answer came', async (ctx) => {
    const { page } = await openPage(ctx);
    await page.route('**/api/v1/pause', (route) => route.abort());
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByLabel('Reason').press('Enter');
    await page
      .getByRole('dialog')
      .getByRole('alert')
      .getByText('No answer came; look at the state before you say it again.')
      .waitFor();
  });

  it('leave the focus in the page when the row that they were about goes', async (ctx) => {
    const { page, daemon } = await openPage(ctx, {
      arrange: (fake) => {
        fake.controlAnswer = { kind: 'accepted', message: 'so be it' };
      },
    });
    await page.getByRole('button', { name: 'Release SHOP-31' }).press('Enter');
    await page.getByRole('dialog').getByLabel('Reason').press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const focused = () =>
      page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName");
    await expect.poll(focused).toBe('Release SHOP-31');
    daemon.change({ parked: [] });
    await expect.poll(() => page.getByRole('button', { name: 'Release SHOP-31' }).count()).toBe(0);
    await expect.poll(focused).toBe('MAIN');
  });

  it('keep the daemon’s refusal in the dialog', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (fake) => {
        fake.controlAnswer = {
          kind: 'refused',
          code: 'invalid_state',
          message: 'SHOP-42 is finishing; wait for its end',
        };
      },
    });
    await page.getByRole('button', { name: 'Cancel SHOP-42' }).click();
    await page.getByRole('dialog').getByLabel('Reason').press('Enter');
    await page
      .getByRole('dialog')
      .getByRole('alert')
      .getByText('SHOP-42 is finishing; wait for its end')
      .waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
  });

  it('do nothing on Escape, and give the focus back', async (ctx) => {
    const { page, daemon } = await openPage(ctx);
    const button = page.getByRole('button', { name: 'Release SHOP-31' });
    await button.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate("document.activeElement.getAttribute('aria-label')"))
      .toBe('Release SHOP-31');
    await button.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(daemon.controls).toEqual([]);
  });

  it('send one word however often Enter is pressed', async (ctx) => {
    let answer = (): void => undefined;
    const { page, daemon } = await openPage(ctx, {
      arrange: (fake) => {
        const { control } = fake.view;
        const slow = new Promise<void>((resolve) => (answer = resolve));
        fake.view.control = async (request, signal) => {
          const given = control(request, signal);
          await slow;
          return given;
        };
      },
    });
    await page.getByRole('button', { name: 'Drain' }).click();
    await page.getByRole('dialog').waitFor();
    // The field has the focus without anybody asking for it.
    expect(await page.evaluate('document.activeElement.maxLength')).toBe(500);
    for (let press = 0; press < 3; press++) await page.keyboard.press('Enter');
    await expect.poll(() => daemon.controls.length).toBe(1);
    answer();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(daemon.controls.length).toBe(1);
  });

  it('remember nothing of the last reason', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (fake) => {
        fake.snapshot = snapshot({ generatedAtMs: NOW_MS });
      },
    });
    await page.getByRole('button', { name: 'Hold SHOP-61' }).click();
    await page.getByLabel('Reason').fill('a secret thought');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Hold SHOP-64' }).click();
    expect(await page.getByLabel('Reason').inputValue()).toBe('');
  });
});
