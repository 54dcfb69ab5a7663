// The pictures of the documents, of the built daemon at work on the demo's issues with the bundled agent, after some
// weeks that the store was filled with. Made only when they are asked for, and looked at by whoever asks:
//   npm run build && SORTIE_SCREENSHOTS=1 npx vitest run test/e2e/browser/pictures.test.ts
// docs/images/: dashboard.png, dashboard-dark.png (Now), issue.png, charts.png.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Running as RunningRow } from '../../../src/dashboard/wire.ts';
import { until, type TrackerRecord } from '../program.ts';
import { seedPast } from './seeded-past.ts';
import { look, stage, start } from './stage.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const image = (name: string): string => `${root}docs/images/${name}.png`;

const unseen = ['SHOP-113', 'SHOP-114', 'SHOP-115'];

it('shows the daemon at work', { timeout: 180_000 }, async (ctx) => {
  ctx.skip(
    process.env['SORTIE_SCREENSHOTS'] !== '1',
    'SORTIE_SCREENSHOTS is not 1: no pictures were asked for',
  );
  const folder = await stage(ctx);
  const seed = JSON.parse(await readFile(`${root}examples/demo/issues.seed.json`, 'utf8')) as TrackerRecord[];
  // Few enough to be seen at once.
  await folder.writeIssues(seed.filter(({ identifier }) => !unseen.includes(identifier)));
  const [, yaml = '', prompt = ''] = (await readFile(`${root}WORKFLOW.md`, 'utf8')).split(/^---$/m);
  const demo = parse(yaml) as Record<string, object>;
  await folder.writeWorkflow(
    {
      ...demo,
      file: { path: './issues.json' },
      agent: { ...demo['agent'], max_concurrent_agents: 4, budget: { max_usd_per_day: 50 } },
      mock: {
        turn_ms: 15_000,
        input_tokens: 164_000,
        output_tokens: 9_200,
        by_issue: {
          'SHOP-104': { fail_first: 1, turn_ms: 7_000 },
          // Not all at the same point of the same play.
          'SHOP-102': { turn_ms: 9_000 },
          'SHOP-103': { turn_ms: 20_000, input_tokens: 231_000 },
          'SHOP-105': { turn_ms: 7_000, input_tokens: 88_000 },
          'SHOP-110': { outcome: 'input_required', turn_ms: 3_000 },
        },
      },
      token_rates: { mock: { input_per_mtok: 3, output_per_mtok: 15, cache_read_per_mtok: 0.3 } },
    },
    prompt.trim(),
  );
  await seedPast(folder);
  const daemon = await start(ctx, folder);
  const light = await look(ctx, daemon.url, { height: 1360 });
  const dark = await look(ctx, daemon.url, { height: 1360, dark: true });
  await until('some of everything', async () => {
    const { counts, running } = await daemon.state();
    const isBusy = running.every((run) => (run as unknown as RunningRow).tokens.total_tokens > 0);
    return counts.running === 4 && counts.retrying === 1 && counts.parked === 1 && isBusy;
  });
  for (const { page } of [light, dark]) {
    await page.getByRole('table', { name: 'Issues that were set aside' }).waitFor();
    await page.getByRole('table', { name: 'Runs that ended last' }).waitFor();
  }
  await light.page.screenshot({ path: image('dashboard') });
  await dark.page.screenshot({ path: image('dashboard-dark') });

  await light.page.goto(`${daemon.url}/charts?range=30d`);
  await light.page.locator('.chart-plot canvas').nth(7).waitFor({ state: 'attached' });
  await light.page.setViewportSize({ width: 1440, height: 1140 });
  await light.page.screenshot({ path: image('charts') });

  await light.page.setViewportSize({ width: 1440, height: 1100 });
  await light.page.goto(`${daemon.url}/issues/SHOP-104`);
  await until(
    'its second attempt at work',
    async () => {
      const run = await daemon.running('SHOP-104');
      return run !== undefined && (run as unknown as RunningRow).turn_count === 2;
    },
    90_000,
  );
  await light.page
    .getByRole('region', { name: 'Transcript lines' })
    .getByText('planning the change')
    .nth(1)
    .waitFor();
  await light.page.screenshot({ path: image('issue') });
  expect([...light.complaints, ...dark.complaints]).toEqual([]);
});
