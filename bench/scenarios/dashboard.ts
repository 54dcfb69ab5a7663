// How long the page lets a person wait, from a real click, key or turn of the wheel to the next frame, in Chromium before
// the built server: with 500 running issues that change 4 times a second and with 50,000 runs in the history, against
// the same page with 5 of each. Also the longest frame while nobody does anything but look. 100 ms is the goal.

import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import type { HistoryRun } from '../../src/contract/index.ts';
import { builtMain } from '../built.ts';
import { sleep, until } from '../pause.ts';
import type { Bench, Scenario } from '../sample.ts';
import { showDaemon } from '../shown-daemon.ts';

const ROUNDS = 20;
const WARM_UP_ROUNDS = 3;
const CHANGE_MS = 250;
const BETWEEN_MS = 120;
const FEW = 5;
const RUNNING = 500;
const RUNS = 50_000;

/** In the page: when the input came is the event's own time; the message after the frame's work says that it is drawn. */
const WATCH = `
  window.waits = [];
  let inputMs = 0;
  const drawn = (fromMs) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.waits.push(performance.now() - fromMs);
    port2.postMessage(0);
  });
  const options = { capture: true, passive: true };
  for (const type of ['click', 'input']) addEventListener(type, (event) => drawn(event.timeStamp), options);
  addEventListener('wheel', (event) => (inputMs = event.timeStamp), options);
  addEventListener('scroll', () => { if (inputMs > 0) drawn(inputMs); inputMs = 0; }, options);
  window.longestFrame = (forMs) => new Promise((done) => {
    const startMs = performance.now();
    let [beforeMs, longestMs] = [startMs, 0];
    const frame = () => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - beforeMs);
      beforeMs = nowMs;
      if (nowMs - startMs < forMs) requestAnimationFrame(frame);
      else done(longestMs);
    };
    requestAnimationFrame(frame);
  });`;

export const scenario: Scenario = {
  parts: ['ours', 'floor'],
  limitMs: 180_000,
  async measure(bench) {
    const many = bench.part === 'ours';
    const shown = await showDaemon(bench, many ? RUNNING : FEW, {
      pageDirectory: fileURLToPath(new URL('dashboard/', builtMain)),
      runs: makeRuns(many ? RUNS : FEW),
    });
    const page = await openBrowser(bench);
    const timer = setInterval(shown.change, CHANGE_MS);
    bench.defer(async () => clearInterval(timer));
    await measureRunning(bench, page, shown.url);
    await measureHistory(bench, page, shown.url);
  },
};

async function measureRunning(bench: Bench, page: Page, url: string): Promise<void> {
  const table = page.getByRole('table', { name: 'Running issues' });
  const open = async (): Promise<void> => {
    await page.goto(url);
    await table.getByRole('row').nth(1).waitFor();
    await sleep(1_000);
  };
  const name = `dashboard, ${RUNNING} running`;
  await open();
  await rounds(bench, page, `${name}: sort`, async () =>
    table.getByRole('button', { name: /^Tokens/ }).click(),
  );
  await table.hover();
  await rounds(bench, page, `${name}: scroll`, async (round) =>
    page.mouse.wheel(0, round % 2 === 0 ? 700 : -500),
  );
  await rounds(
    bench,
    page,
    `${name}: open an issue`,
    async () => table.getByRole('rowheader').getByRole('link').nth(2).click(),
    async () => {
      await page.goBack();
      await table.getByRole('row').nth(1).waitFor();
    },
  );
  await open();
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS / 2; round += 1) {
    const longest = Number(await page.evaluate('longestFrame(1000)'));
    if (round > 0) record(bench, `${name}: longest frame of a second`, longest);
  }
}

async function measureHistory(bench: Bench, page: Page, url: string): Promise<void> {
  const table = page.getByRole('table', { name: 'Runs, newest first' });
  await page.goto(`${url}/history`);
  await table.getByRole('row').nth(1).waitFor();
  await readToTheEnd(page);
  const name = `dashboard, ${RUNS.toLocaleString('en-US')} runs`;
  await table.hover();
  await rounds(bench, page, `${name}: scroll`, async (round) =>
    page.mouse.wheel(0, round % 2 === 0 ? -900 : 700),
  );
  await page.getByRole('searchbox', { name: /^Search/ }).click();
  await rounds(bench, page, `${name}: type in the search`, async () => page.keyboard.press('x'));
}

/** The page reads on when one scrolls; all of its rows are to be there. */
async function readToTheEnd(page: Page): Promise<void> {
  const jump = "document.querySelector('.table-box').scrollTop = 1e9";
  while ((await page.getByText('Scroll for more').or(page.getByText('Reading…')).count()) > 0) {
    await page.evaluate(jump);
    await sleep(5);
  }
}

async function rounds(
  bench: Bench,
  page: Page,
  figure: string,
  act: (round: number) => Promise<unknown>,
  undo: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
    await page.evaluate('waits.length = 0');
    await act(round);
    // Not the browser's own waiting: the page's policy forbids it to evaluate anything.
    await until('the next frame', 10_000, async () => Boolean(await page.evaluate('waits.length > 0')));
    const wait = Number(await page.evaluate('waits[0]'));
    await undo();
    // At every place of the rows' change in turn.
    await sleep(BETWEEN_MS + ((round * 37) % CHANGE_MS));
    if (round > 0) record(bench, figure, wait);
  }
}

function record({ part, record: take }: Bench, figure: string, value: number): void {
  take(figure, 'ms', part === 'ours' ? 'ours' : 'floor', value);
}

async function openBrowser({ defer }: Bench): Promise<Page> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    },
  );
  if (executablePath === undefined)
    throw new Error('there is no Chromium to measure with: install it, or leave this out');
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  defer(() => browser.close());
  // So low that five rows scroll as well.
  const page = await browser.newPage({ viewport: { width: 1440, height: 480 } });
  await page.addInitScript(WATCH);
  return page;
}

function makeRuns(count: number): HistoryRun[] {
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, index) => ({
    runId: `run-${index}`,
    issueId: String(index),
    issueIdentifier: `BENCH-${index}`,
    title: 'Checkout forgets the voucher when the cart is empty',
    issueState: 'To Do',
    issueLabels: [],
    issueUrl: '',
    attempt: 0,
    status: index % 7 === 0 ? 'failed' : 'succeeded',
    error: index % 7 === 0 ? 'agent: turn_failed: the tests of the price list do not pass' : '',
    evidence: '3 files changed',
    agentKind: index % 3 === 0 ? 'codex' : 'claude-code',
    sessionId: null,
    workspacePath: null,
    startedAtMs: nowMs - index * 60_000,
    completedAtMs: nowMs - index * 60_000 + 540_000,
    secondsRunning: 540,
    turnsCompleted: 3,
    tokens: { inputTokens: 100_000 + index, outputTokens: 9_000, cacheReadTokens: 400_000 },
    costUsd: 0.42,
    costEstimated: false,
  }));
}
