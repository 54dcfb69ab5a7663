// Strangers write issues, and agents print what strangers wrote. Through the built daemon nothing of it ever runs, loads
// or leads anywhere, on no page; what hides in it is shown; and no layout breaks.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it, type TestContext } from 'vitest';
import { makeIssue, until, type Folder } from '../program.ts';
import { writeMockWorkflow } from './mock-workflow.ts';
import { look, stage, start, type Look } from './stage.ts';

const RUN = 'window.owned=1;alert(1)';
const hostile = [
  `<img src=x onerror="${RUN}">`,
  `<script>${RUN}</script><script src="https://evil.example/x.js"></script>`,
  `"><svg/onload=${RUN}><iframe src="https://evil.example/">`,
  `javascript:${RUN}`,
  `\u202Egnp.exe\u0007\u001B[2J\u001B]0;owned\u0007\u001B[31mred`,
  `\u2066\u200Bzero\uFEFF width`,
  'x'.repeat(10_000),
  `[click](javascript:${RUN}) {{constructor.constructor("${RUN}")()}} \${${RUN}}`,
];
const [image = ''] = hostile;

const issuePathOf = (identifier: string): string => `/issues/${encodeURIComponent(identifier)}`;

const hostileIssues = hostile.map((text, index) =>
  makeIssue(index + 1, {
    identifier: index === 0 ? image : `E2E-${index + 1}`,
    title: text,
    description: text,
    url: index % 2 === 0 ? `javascript:${RUN}` : 'data:text/html,<script>alert(1)</script>',
    labels: [text.slice(0, 200)],
    assignee: text,
    comments: [{ id: '1', author: text.slice(0, 200), body: text, created_at: '2026-01-01T00:00:00Z' }],
  }),
);

/** On every page that shows some of it, wide and narrow. */
async function judge(
  { page, complaints, elsewhere, dialogs }: Look,
  paths: readonly string[],
): Promise<void> {
  const { origin } = new URL(page.url());
  for (const path of paths) {
    for (const width of [1440, 800, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(origin + path);
      await page.locator('main section').first().waitFor();
      await page
        .getByText(/onerror|owned|x{50}/)
        .first()
        .waitFor({ state: 'attached' });
      expect(
        await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
        `${path} at ${width}`,
      ).toBe(true);
      await harmless(page, `${path} at ${width}`);
    }
  }
  expect(dialogs).toEqual([]);
  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
}

async function harmless(page: Page, where: string): Promise<void> {
  expect(await page.evaluate('window.owned'), where).toBeUndefined();
  expect(await page.locator('main img, main script, main svg, main iframe, main style').count(), where).toBe(
    0,
  );
  const links: string[] = await page.evaluate("[...document.querySelectorAll('a')].map((link) => link.href)");
  for (const link of links) expect(new URL(link).origin, where).toBe(new URL(page.url()).origin);
  const tallest: number = await page.evaluate(
    "Math.max(0, ...[...document.querySelectorAll('tbody tr[data-row]')].map((row) => row.offsetHeight))",
  );
  // A card on a phone is several lines high; 10,000 characters would be a hundred.
  expect(tallest, where).toBeLessThan(500);
}

async function startHostile(ctx: TestContext, write: (folder: Folder) => Promise<void>) {
  const folder = await stage(ctx);
  await folder.writeIssues(hostileIssues);
  await write(folder);
  return { folder, daemon: await start(ctx, folder) };
}

it('does nothing in the issues of a tracker', async (ctx) => {
  const { daemon } = await startHostile(ctx, (folder) =>
    writeMockWorkflow(folder, {
      slots: 3,
      mock: {
        turn_ms: 300,
        outcome: 'succeed',
        by_issue: {
          'E2E-2': { outcome: 'input_required' },
          'E2E-3': { status: 'blocked' },
          'E2E-4': { outcome: 'fail' },
          'E2E-5': { outcome: 'hang' },
          'E2E-6': { outcome: 'hang' },
          'E2E-7': { outcome: 'hang' },
        },
      },
    }),
  );
  // The others come before them, and run as well.
  const hanging = ['E2E-5', 'E2E-6', 'E2E-7'];
  await until('three that hang', async () => {
    const { running } = await daemon.state();
    return running.length === 3 && running.every((run) => hanging.includes(run.issue_identifier));
  });
  const seen = await look(ctx, daemon.url);
  const titles = await seen.page.locator('.issue-title').allTextContents();
  expect(titles.some((title) => title.includes('⟨RLO⟩gnp.exe'))).toBe(true);
  await judge(seen, ['/', '/history', ...[image, 'E2E-3', 'E2E-5', 'E2E-7'].map(issuePathOf)]);
});

it('does nothing in what an agent prints', async (ctx) => {
  const { daemon } = await startHostile(ctx, async (folder) => {
    const lines = hostile.flatMap((text) => [
      JSON.stringify({ event: 'notification', message: text }),
      JSON.stringify({ event: 'tool_result', name: text.slice(0, 300), ok: false, duration_ms: 5 }),
      text,
    ]);
    await folder.write('lines', `${lines.join('\n')}\n`);
    await folder.write('errors', hostile.join('\n'));
    await writeMockWorkflow(folder, {
      slots: 8,
      agent: {
        kind: 'command',
        command: `cat ${folder.file('lines')}; cat ${folder.file('errors')} >&2; [ $SORTIE_ISSUE_ID = 2 ] && exit 1; sleep 3600`,
      },
    });
  });
  const aFailureAndRuns = async (): Promise<boolean> => {
    const { counts } = await daemon.state();
    return counts.retrying === 1 && counts.running === 7;
  };
  await until('a failure and runs', aFailureAndRuns);
  // The one that failed is not tried again while somebody looks.
  const headers = { 'content-type': 'application/json' };
  await fetch(`${daemon.url}/api/v1/pause`, { method: 'POST', headers, body: '{}' });
  await until('a failure and runs', aFailureAndRuns);
  const seen = await look(ctx, daemon.url);
  await judge(seen, ['/', '/history', issuePathOf('E2E-2'), issuePathOf('E2E-3')]);
  await seen.page
    .getByRole('region', { name: 'Transcript lines' })
    .getByText('<img src=x onerror')
    .first()
    .waitFor();
});

it('does nothing in what a recorded agent said, called and got', async (ctx) => {
  const recorded = fileURLToPath(new URL('../../fixtures/agents/claude-code/success.jsonl', import.meta.url));
  const { daemon, folder } = await startHostile(ctx, async (folder) => {
    const lines = (await readFile(recorded, 'utf8')).trim().split('\n');
    const said = hostile.map((text) => asSaid(text));
    await folder.write('hostile.jsonl', `${[lines[0], ...said, ...lines.slice(1)].join('\n')}\n`);
    await writeMockWorkflow(folder, {
      slots: 8,
      agent: { kind: 'replay' },
      more: { replay: { transcript: folder.file('hostile.jsonl'), agent: 'claude-code', speed: 0 } },
    });
  });
  await until('a handoff', async () => (await folder.issues())[2]?.state === 'In Review');
  const seen = await look(ctx, daemon.url);
  await judge(seen, ['/history', issuePathOf('E2E-3')]);
});

function asSaid(text: string): string {
  return JSON.stringify({
    type: 'assistant',
    message: {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-5-5',
      content: [
        { type: 'text', text },
        { type: 'tool_use', id: `t-${text.length}`, name: text.slice(0, 100), input: { command: text } },
      ],
      usage: { input_tokens: 1, output_tokens: 1 },
    },
    parent_tool_use_id: null,
    session_id: '11111111-1111-4111-8111-111111111111',
  });
}
