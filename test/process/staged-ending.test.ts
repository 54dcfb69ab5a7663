// The kinder stages before SIGTERM, with real programs.
import { expect, it } from 'vitest';
import { launchShell, lineCollector, pidFrom, isRunning } from './real-processes.ts';

/** For programs that listen to nothing: each stage has a third of it. */
const GRACE_MS = 900;
/** For programs that listen, however late a busy machine lets them. */
const PATIENT_MS = 60_000;

it('asks in the protocol first, and sends no signal to a program that then goes', async () => {
  const output = lineCollector();
  const child = launchShell(
    `trap 'echo signalled' INT TERM; echo ready; while read -r line; do echo "got $line"; [ "$line" = stop ] && exit 7; done`,
    {
      stdin: { open: true },
      graceMs: PATIENT_MS,
      onStdoutLine: output.take,
      ending: { interrupt: () => child.write('stop\n'), cleanSignal: 'SIGINT' },
    },
  );
  await output.first(/^ready$/);
  await child.write('hello\n');
  await child.end('told to');
  expect(await child.result).toMatchObject({ cause: 'aborted', reason: 'told to', exitCode: 7 });
  expect(output.lines).toEqual(['ready', 'got hello', 'got stop']);
});

it('goes on to the clean signal when the protocol is not listened to, and hears the last words', async () => {
  const output = lineCollector();
  const child = launchShell(
    `trap 'echo last words; exit 3' INT; trap '' TERM; echo ready; while :; do sleep 0.05; done`,
    {
      // A third of it is waited for the interrupt, another one for the last words.
      graceMs: 6_000,
      onStdoutLine: output.take,
      ending: { interrupt: () => new Promise(() => undefined), cleanSignal: 'SIGINT' },
    },
  );
  await output.first(/^ready$/);
  await child.end('told to');
  expect(await child.result).toMatchObject({ exitCode: 3, survivors: [] });
  expect(output.lines).toEqual(['ready', 'last words']);
});

it('ends by SIGKILL, within the grace, whoever listens to nothing, and what it started', async () => {
  const output = lineCollector();
  const child = launchShell(
    `trap '' INT TERM; setsid sh -c 'trap "" TERM; echo tool=$$; while :; do sleep 0.05; done' & while :; do sleep 0.05; done`,
    {
      graceMs: GRACE_MS,
      onStdoutLine: output.take,
      ending: { interrupt: () => Promise.reject(new Error('no')), cleanSignal: 'SIGINT' },
    },
  );
  const tool = await pidFrom(output, 'tool');
  const startedMs = performance.now();
  await child.end('told to');
  expect(await child.result).toMatchObject({ signal: 'SIGKILL', survivors: [] });
  expect(isRunning(tool)).toBe(false);
  // Three stages of a third each, and the looks between them.
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(GRACE_MS * 0.9);
});

it('does not ask a program that has ended by itself', async () => {
  let asked = 0;
  const child = launchShell('exit 0', {
    ending: { interrupt: () => void (asked += 1), cleanSignal: 'SIGINT' },
  });
  expect(await child.result).toMatchObject({ cause: 'exited', exitCode: 0 });
  expect(asked).toBe(0);
});

it('rejects what is written to a program that has gone or has closed its input, and nothing throws', async () => {
  const child = launchShell('exec <&-; sleep 5', { stdin: { open: true } });
  await expect(
    (async () => {
      for (;;) await child.write('x'.repeat(100_000));
    })(),
  ).rejects.toThrow();
  await child.end('enough');
  await expect(child.write('late')).rejects.toThrow(/closed/);
  child.closeInput();
});

it('holds the writer back until the program reads', async () => {
  const output = lineCollector();
  const child = launchShell('read -r go; wc -c', { stdin: { open: true }, onStdoutLine: output.take });
  let written = false;
  const writing = child.write('x'.repeat(1_000_000)).then(
    () => {
      written = true;
    },
    () => undefined,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(written).toBe(false);
  await child.end('enough');
  await writing;
  expect(written).toBe(false);
});

it('ends a program that waits for the end of its input', async () => {
  const output = lineCollector();
  const child = launchShell('cat; echo over', { stdin: { open: true }, onStdoutLine: output.take });
  await child.write('one\n');
  child.closeInput();
  expect(await child.result).toMatchObject({ cause: 'exited', exitCode: 0 });
  expect(output.lines).toEqual(['one', 'over']);
});
