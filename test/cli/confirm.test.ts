// The question before an operator's word: asked at a terminal only, and only a yes counts. The pseudo-terminal is that
// of script(1); where there is none, the streams alone are tested.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { confirm } from '../../src/cli/confirm.ts';
import { main } from '../../src/cli/control.ts';
import { questionOf } from '../../src/cli/control-questions.ts';
import { DAEMON_CONTROLS, ISSUE_CONTROLS } from '../../src/contract/controls.ts';
import { runCommand } from './run-command.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');
const NO_SCRIPT = 'there is no script(1) of util-linux, and so no pseudo-terminal';
const PATIENCE_MS = 120_000;

function terminal(isTTY = { input: true, output: true }) {
  const input = Object.assign(new PassThrough(), { isTTY: isTTY.input });
  const output = Object.assign(new PassThrough(), { isTTY: isTTY.output });
  return { input, output, printed: () => String(output.read() ?? '') };
}

describe('at a terminal', () => {
  it.each([
    ['y\n', true],
    [' YES \n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
  ])('%j is %s', async (typed, expected) => {
    const { input, output, printed } = terminal();
    const answered = confirm('It stops\u001b[2J now. Cancel?', { input, output });
    input.write(typed);
    expect(await answered).toBe(expected);
    expect(printed()).toBe(`It stops [2J now. Cancel? [y/N] ${expected ? '' : 'nothing was changed\n'}`);
  });

  it('the end of the input is no yes', async () => {
    const { input, output, printed } = terminal();
    const answered = confirm('Cancel?', { input, output });
    input.end();
    expect(await answered).toBe(false);
    expect(printed()).toBe('Cancel? [y/N] \nnothing was changed\n');
  });
});

it.each([
  { input: false, output: true },
  { input: true, output: false },
])('nobody is asked where nobody could answer: %j', async (isTTY) => {
  const { input, output, printed } = terminal(isTTY);
  expect(await confirm('Cancel?', { input, output })).toBe(true);
  expect(printed()).toBe('');
});

it('every word has its question, which names the issue', () => {
  for (const control of ISSUE_CONTROLS) expect(questionOf(control, 'SHOP-42')).toMatch(/SHOP-42.*\?$/);
  for (const control of DAEMON_CONTROLS) expect(questionOf(control, '')).toMatch(/\. \w+\?$/);
});

describe('a command', () => {
  const servers: Server[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  /** Notes what was posted. */
  async function daemon(): Promise<{ url: string; posted: unknown[] }> {
    const posted: unknown[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        posted.push([request.url, JSON.parse(body)]);
        response
          .writeHead(202, { 'content-type': 'application/json' })
          .end(JSON.stringify({ message: 'done as asked' }));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posted };
  }

  /** At a pseudo-terminal, on which this is typed as soon as the question is there. */
  async function atTerminal(command: string, typed: string): Promise<{ code: number; shown: string }> {
    const line = `${process.execPath} --import tsx ${MAIN} ${command}`;
    const child = spawn('script', ['-qefc', line, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const isFirst = !shown.includes('[y/N]');
      shown += chunk.toString();
      if (isFirst && shown.includes('[y/N]')) child.stdin.write(typed);
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, shown };
  }

  it('from a script acts at once', async () => {
    const { url, posted } = await daemon();
    const printed = await runCommand((args) => main('cancel', args), ['SHOP-42', '--url', url]);
    expect(printed).toEqual({ code: 0, stdout: 'done as asked\n', stderr: '' });
    expect(posted).toHaveLength(1);
  });

  it('at a terminal asks once, and does nothing without a yes', { timeout: PATIENCE_MS }, async (ctx) => {
    ctx.skip(!hasScript, NO_SCRIPT);
    const { url, posted } = await daemon();
    const refused = await atTerminal(`cancel SHOP-42 --url ${url}`, 'n\r');
    expect(refused.shown).toContain('The agent of SHOP-42 is stopped now');
    expect(refused.shown).toContain('nothing was changed');
    expect([refused.code, posted]).toEqual([1, []]);
    const agreed = await atTerminal(`cancel SHOP-42 --reason stuck --url ${url}`, 'y\r');
    expect([agreed.code, agreed.shown]).toEqual([0, expect.stringContaining('done as asked')]);
    expect(posted).toEqual([
      ['/api/v1/issues/SHOP-42/cancel', { reason: 'stuck', by: expect.any(String) as string }],
    ]);
  });

  it('at a terminal with --yes does not ask', { timeout: PATIENCE_MS }, async (ctx) => {
    ctx.skip(!hasScript, NO_SCRIPT);
    const { url, posted } = await daemon();
    const said = await atTerminal(`pause --yes --url ${url}`, '');
    expect(said.shown).not.toContain('[y/N]');
    expect([said.code, posted.length]).toEqual([0, 1]);
  });
});
