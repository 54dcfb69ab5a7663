// On a screen of 360 pixels nothing is wider than the screen, and figures carry their headings.
import { describe, expect, it } from 'vitest';
import { running, snapshot } from '../http/fake-daemon.ts';
import { openPage } from './browser-page.ts';

const WIDTH = 360;
const wide = 'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW';

describe('on a phone', () => {
  for (const path of ['/', '/health', '/login']) {
    it(`${path} is not wider than the screen`, async (ctx) => {
      const { page } = await openPage(ctx, {
        width: WIDTH,
        path,
        ready: path === '/login' ? 'form' : '.section',
        arrange: (daemon) => {
          daemon.snapshot = snapshot({
            running: [running({ title: wide, issueIdentifier: wide, lastMessage: wide, agentKind: wide })],
            preflightProblems: [wide],
          });
          daemon.settings = {
            path: `/${wide}`,
            effective: [{ key: wide, value: wide, source: 'environment', place: wide }],
          };
        },
      });
      if (path === '/health') await page.getByText(wide).first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(WIDTH);
    });
  }

  it('the figures of a row carry their headings', async (ctx) => {
    const { page } = await openPage(ctx, { width: WIDTH });
    const heading = await page.evaluate(
      "getComputedStyle(document.querySelector('tbody .col-elapsed'), '::before').content",
    );
    expect(heading).toBe('"Elapsed"');
  });
});
