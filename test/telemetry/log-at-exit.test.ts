// A real process that logs and dies: the last line has arrived, and a reader that left ends nobody.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const telemetry = fileURLToPath(new URL('../../src/telemetry/index.ts', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(script: string, closeStderr = false): Promise<Ended> {
  const source = `import { createLogger } from ${JSON.stringify(telemetry)};\n${script}`;
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  if (closeStderr) child.stderr.destroy();
  else child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

it('loses nothing at exit', async () => {
  const { code, stderr } = await run(`
    const log = createLogger({ level: 'info', format: 'json' });
    for (let n = 1; n <= 2000; n++) log.info('line', { n, padding: 'x'.repeat(200) });
    process.exit(3);
  `);
  const lines = stderr.trimEnd().split('\n');
  expect([code, lines.length, JSON.parse(lines.at(-1) ?? '').n]).toEqual([3, 2000, 2000]);
});

it('goes on when whoever read its log is gone', async () => {
  const { code, stdout } = await run(
    `
    const log = createLogger({ level: 'info', format: 'text' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let n = 1; n <= 20000; n++) log.info('line', { n, padding: 'x'.repeat(200) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log('still here');
  `,
    true,
  );
  expect([code, stdout]).toEqual([0, 'still here\n']);
});

/** Nobody reads stderr until `go` is printed on stdout, or at all. */
function runUnread(script: string, read: 'never' | 'later'): Promise<Ended> {
  const source = `import { createLogger } from ${JSON.stringify(telemetry)};\n${script}`;
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', source], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
    if (read === 'never') return;
    child.stderr.on('data', (more) => {
      stderr += String(more);
      // All that waited was read: its program may say its last word.
      if (stderr.includes('log lines dropped')) child.stdin.end();
    });
  });
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      if (read === 'later') return;
      child.stderr.destroy();
      resolve({ code, stdout, stderr });
    });
    if (read === 'later') child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

it('goes on, and ends, when its log is open but never read', async () => {
  const { code, stdout } = await runUnread(
    `
    const log = createLogger({ level: 'info', format: 'text' });
    for (let n = 1; n <= 20000; n++) log.info('line', { n, padding: 'x'.repeat(200) });
    console.log('still here');
    setTimeout(() => process.exit(4), 100);
  `,
    'never',
  );
  expect([code, stdout]).toEqual([4, 'still here\n']);
});

it('keeps what fits until its reader reads again, and says how much it dropped', async () => {
  const { stderr } = await runUnread(
    `
    const log = createLogger({ level: 'info', format: 'json' });
    for (let n = 1; n <= 20000; n++) log.info('line', { n, padding: 'x'.repeat(200) });
    console.log('go');
    process.stdin.resume().on('end', () => { log.info('last'); process.exit(0); });
  `,
    'later',
  );
  type Line = { readonly n?: number; readonly msg: string };
  const texts = stderr.trimEnd().split('\n');
  const lines = texts.map((line) => JSON.parse(line) as Line);
  const numbers = lines.flatMap(({ n }) => (n === undefined ? [] : [n]));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(lines.slice(numbers.length).map(({ msg }) => msg)).toEqual(['log lines dropped', 'last']);
  expect(lines.at(-2)).toMatchObject({ level: 'WARN', lines: 20_000 - numbers.length });
});
