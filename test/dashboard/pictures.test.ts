// The pictures of the page in the documents are made here, of the page as it is: with SORTIE_PICTURES set to a folder,
// e.g. `SORTIE_PICTURES=docs/images npx vitest run test/dashboard/pictures.test.ts`. Otherwise into a temporary one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NOW_MS, running, snapshot } from '../http/fake-daemon.ts';
import { BULK_ID } from '../http/fake-proposals.ts';
import { openPage, type OpenOptions } from './browser-page.ts';

const day: NonNullable<OpenOptions['arrange']> = (daemon) => {
  const more = [
    running({
      issueId: '10044',
      runId: 'r2',
      issueIdentifier: 'SHOP-44',
      title: 'Round prices to two digits in every export',
      lastMessage: 'Edited src/prices/round.ts and its 14 tests',
      agentKind: 'codex',
      modelName: 'gpt-codex',
      attempt: 0,
      turnCount: 1,
      tools: [],
      startedAtMs: NOW_MS - 96_000,
      costUsd: 0.07,
      tokens: { inputTokens: 9_100, outputTokens: 1_420, cacheReadTokens: 22_000 },
    }),
    running({
      issueId: '10049',
      runId: 'r3',
      issueIdentifier: 'SHOP-49',
      title: 'Invoices: the footer overlaps the last line',
      lastMessage: '',
      phase: 'preparing_workspace',
      attempt: 0,
      turnCount: 0,
      tools: [],
      startedAtMs: NOW_MS - 4_000,
      costUsd: null,
      tokens: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
    }),
  ];
  daemon.snapshot = snapshot({ running: [running(), ...more], slots: { limit: 4, used: 3 } });
};

const pictures: readonly (readonly [name: string, width: number, options: OpenOptions])[] = [
  ['dashboard', 1440, { arrange: day }],
  ['dashboard-dark', 1440, { arrange: day, dark: true }],
  ['dashboard-phone', 390, { arrange: day, dark: true }],
  ['dashboard-health', 1440, { path: '/health' }],
  ['dashboard-approval', 1440, { path: `/approvals/${BULK_ID}`, server: { nowMs: () => NOW_MS } }],
];

describe('the pictures of the page', () => {
  for (const [name, width, options] of pictures) {
    it(`show it as it is: ${name}`, async (ctx) => {
      const kept = process.env['SORTIE_PICTURES'];
      const folder = kept ?? mkdtempSync(join(tmpdir(), 'sortie-pictures-'));
      if (kept === undefined) ctx.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const { page, complaints } = await openPage(ctx, { ...options, width });
      if (options.path === '/health') await page.getByText('tracker.kind').waitFor();
      else if (options.path !== undefined) await page.getByText('Your decision').waitFor();
      else await page.getByText(/next in/).waitFor();
      const path = join(folder, `${name}.png`);
      await page.screenshot({ path });
      const picture = readFileSync(path);
      expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([width, 900]);
      expect(complaints).toEqual([]);
    });
  }
});
