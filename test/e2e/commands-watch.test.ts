// `status --watch` on a real terminal (of `script`, from util-linux): it redraws in place, never scrolls a small terminal,
// goes on over a restart, and Ctrl-C gives the cursor back. Into a pipe it prints one picture below the other.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { makeStage, type Stage } from './commands-stage.ts';
import { makeIssue, until } from './program.ts';

const MAIN = resolve(import.meta.dirname, '../../dist/src/main.js');
const SCRIPT = '/usr/bin/script';
const noTerminal = existsSync(SCRIPT) ? false : `${SCRIPT} is not installed`;

let stage: Stage;
let endTerminal = (): void => undefined;
afterEach(async () => {
  endTerminal();
  endTerminal = () => undefined;
  await stage.close();
});

/** Hides the cursor, gives it back. */
const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';

function openTerminal(stage: Stage, rows: number, columns: number) {
  const inside = `stty rows ${rows} cols ${columns}; exec ${process.execPath} -- ${MAIN} status --watch`;
  const child = spawn(SCRIPT, ['-qefc', inside, '/dev/null'], { cwd: stage.folder.path, stdio: 'pipe' });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  const exit = new Promise<number | null>((settle) => child.once('close', settle));
  endTerminal = () => child.kill('SIGKILL');
  return { press: (keys: string) => child.stdin.write(keys), shown: () => shown, exit };
}

it(
  'redraws in place on a small terminal, over a restart, until Ctrl-C',
  { timeout: 180_000 },
  async (ctx) => {
    if (noTerminal !== false) ctx.skip(noTerminal);
    const issues = Array.from({ length: 30 }, (_, index) => makeIssue(index + 1, { title: '漢'.repeat(60) }));
    stage = await makeStage(
      { agent: { max_concurrent_agents: 1 }, mock: { outcome: 'hang', turn_ms: 60 } },
      issues,
    );
    await stage.start();
    const terminal = openTerminal(stage, 10, 40);
    await until('the first run', () => terminal.shown().includes('E2E-1 '));
    await stage.ok('pause', '--reason', '\u001b[2Jclear');
    await until('the pause', () => terminal.shown().includes('paused by'));
    await stage.kill();
    await until('the loss to be shown', () => terminal.shown().includes('! no connection: '));
    const before = terminal.shown().length;
    await stage.start();
    await until('the state to come again', () => /paused by/.test(terminal.shown().slice(before)));
    terminal.press('\u0003');
    expect(await terminal.exit).toBe(0);
    const shown = terminal.shown();
    expect(shown.slice(0, shown.indexOf('running'))).toContain(HIDE);
    expect(shown.lastIndexOf(SHOW)).toBeGreaterThan(shown.lastIndexOf(HIDE));
    // Never the whole screen, and never more lines at once than it has.
    expect(shown).not.toContain('\u001b[2J');
    const frames = shown.split('\u001b[?2026h').slice(1);
    for (const frame of frames) expect(frame.split('\n').length).toBeLessThanOrEqual(10);
    await stage.stop();
  },
);

it('prints one picture below the other into a pipe, or an object a line', { timeout: 180_000 }, async () => {
  stage = await makeStage({ mock: { turn_ms: 60 } });
  await stage.start();
  const text = stage.folder.start(['status', '--watch']);
  const lines = stage.folder.start(['status', '-w', '--json']);
  for (const one of [text, lines]) await until('the first state', () => one.stdout().includes('\n'));
  await stage.ok('pause');
  await until('the pause', () => text.stdout().includes('paused by') && lines.stdout().includes('"paused"'));
  await stage.stop();
  for (const one of [text, lines]) {
    await until('the loss to be said', () => one.stderr() !== '');
    one.child.kill(one === text ? 'SIGTERM' : 'SIGINT');
  }
  expect(await text.exit).toEqual({ code: 143, signal: null });
  expect(await lines.exit).toEqual({ code: 0, signal: null });
  expect(text.stdout()).not.toContain('\u001b');
  expect(text.stdout().match(/^(running|paused by \S+) · slots /gm)?.length).toBeGreaterThan(1);
  const modes = lines
    .stdout()
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { dispatch: { mode: string } }).dispatch.mode);
  expect([modes[0], modes.at(-1)]).toEqual(['running', 'paused']);
  for (const one of [text, lines]) expect(one.stderr()).toMatch(/^no connection: [^\n]*; trying again\n$/);
});
