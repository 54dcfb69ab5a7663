// Everything that goes in and comes out: whole, in order, bounded, and never in the way of the end.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { endEverything, launch, launchShell, programPath } from './real-processes.ts';

afterEach(endEverything);

const megabyte = 1024 * 1024;

describe('the streams of a launched program', () => {
  it('gives it an environment in which nothing asks a person, unless the caller wants otherwise', async () => {
    const script = 'echo "$PWD|$GIT_TERMINAL_PROMPT|$GIT_EDITOR|$GIT_SSH_COMMAND|$SORTIE_RUN_ID"';
    const plain = await launchShell(script, { cwd: '/', mark: 'run-1' }).result;
    expect(plain.stdoutText).toBe('/|0|true|ssh -oBatchMode=yes|run-1\n');
    const env = { PATH: process.env['PATH'] ?? '', GIT_EDITOR: 'vi' };
    const own = await launchShell(script, { cwd: '/', mark: null, env }).result;
    expect(own.stdoutText).toBe('/|0|vi|ssh -oBatchMode=yes|\n');
  });

  it('tells the program its working folder, whatever the environment said', async () => {
    const env = { PATH: process.env['PATH'] ?? '', PWD: '/wrong' };
    expect((await launch({ file: 'printenv', args: ['PWD'], cwd: '/', env }).result).stdoutText).toBe('/\n');
  });

  it('reports exit code and signal as they were', async () => {
    expect(await launchShell('exit 7').result).toMatchObject({ exitCode: 7, signal: null, cause: 'exited' });
    expect(await launchShell('kill -9 $$').result).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
      cause: 'exited',
    });
  });

  it('gives an empty stdin when there is nothing to write', async () => {
    expect((await launchShell('cat; echo done').result).stdoutText).toBe('done\n');
  });

  it('writes 5 MB to stdin whole', async () => {
    const stdin = 'prompt €\n'.repeat(Math.ceil((5 * megabyte) / 11));
    const result = await launchShell('wc -c; sleep 0.05', { stdin }).result;
    expect(result.stdoutText.trim()).toBe(String(Buffer.byteLength(stdin)));
  });

  it('takes no offence when the program never reads its stdin', async () => {
    const result = await launchShell('exec 0<&-; sleep 0.05; exit 4', { stdin: 'x'.repeat(megabyte) }).result;
    expect(result).toMatchObject({ exitCode: 4, cause: 'exited' });
    expect(result.error).toBeUndefined();
  });

  it('hands over the lines of both streams, and marks a last one that was not ended', async () => {
    const out: string[] = [];
    const err: string[] = [];
    const result = await launchShell("printf 'a\\r\\nb\\n\\nc'; printf 'w\\n' >&2", {
      onStdoutLine: (line) => void out.push(line),
      onStderrLine: (line) => void err.push(line),
    }).result;
    expect(out).toEqual(['a', 'b', '', 'c']);
    expect(err).toEqual(['w']);
    expect(result.unterminatedLastLine).toBe(true);
    expect((await launchShell('echo whole').result).unterminatedLastLine).toBe(false);
  });

  it('handles one line at a time and hands over all of them before the result', async () => {
    const seen: number[] = [];
    let atOnce = 0;
    const result = await launchShell('seq 1 200', {
      onStdoutLine: async (line) => {
        atOnce += 1;
        expect(atOnce).toBe(1);
        await new Promise(setImmediate);
        seen.push(Number(line));
        atOnce -= 1;
      },
    }).result;
    expect(result.error).toBeUndefined();
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it('holds a program back while a line is being handled', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held: () => void = () => undefined;
    const firstLine = new Promise<void>((resolve) => {
      held = resolve;
    });
    let lines = 0;
    const child = launchShell('echo first; yes | head -c 20000000; echo wrote-all >&2', {
      onStdoutLine: () => {
        lines += 1;
        if (lines > 1) return;
        held();
        return released;
      },
      onStderrLine: () => release(),
      lineLimitBytes: 1000,
    });
    await firstLine;
    // Time enough to fill the pipe, and on an idle machine to write all if nobody held it back.
    await sleep(300);
    void child.end('enough');
    const result = await Promise.race([child.result, sleep(300, 'held')]);
    // Ended while it was blocked on a full pipe, and the result still waits for the handler.
    expect(result).toBe('held');
    release();
    const { cause, stderrText } = await child.result;
    expect({ cause, stderrText }).toEqual({ cause: 'aborted', stderrText: '' });
    expect(lines).toBeLessThan(10_000_000);
  });

  it('ends the program when a line handler fails, and says why', async () => {
    const child = launchShell('echo one; echo two; exec sleep 60', {
      onStdoutLine: () => Promise.reject(new Error('store is full')),
    });
    const result = await child.result;
    expect(result).toMatchObject({ cause: 'aborted', reason: 'a line handler failed', signal: 'SIGTERM' });
    expect(result.error?.message).toBe('store is full');
  });

  it('survives 200 MB on one line without keeping it, and goes on with the next', async () => {
    const lines: string[] = [];
    const before = process.memoryUsage();
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss - before.rss);
    }, 5);
    const result = await launch({
      file: process.execPath,
      args: [programPath('process-flood.mjs'), String(200 * megabyte), '\n{"event":"after"}\n'],
      onStdoutLine: (line) => void lines.push(line),
      lineLimitBytes: megabyte,
    }).result;
    clearInterval(timer);
    expect(result).toMatchObject({ exitCode: 0, oversizedLines: 1, unterminatedLastLine: false });
    expect(lines).toEqual(['{"event":"after"}']);
    expect(peak).toBeGreaterThan(0);
    // How soon the collector comes is its own affair; what is kept would be all of it.
    expect(peak).toBeLessThan(120 * megabyte);
  });

  it('bounds what it keeps of a flood on both streams, and keeps head and tail', async () => {
    const script = 'echo head; seq 1 300000; echo tail; (echo head; seq 1 300000; echo tail) >&2';
    const { stdoutText, stderrText } = await launchShell(script, { outputLimitBytes: 1000 }).result;
    for (const text of [stdoutText, stderrText]) {
      expect(text).toMatch(/^head\n1\n2\n/);
      expect(text).toMatch(/\n300000\ntail\n$/);
      expect(text).toMatch(/\d+ bytes left out/);
      expect(text.length).toBeLessThan(1100);
    }
  });
});
