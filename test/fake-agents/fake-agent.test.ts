// That the fake agents do what they claim: otherwise each adapter test that leans on them proves nothing.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { installFakeAgent } from './fake-agent.ts';
import type { FakeAgentOptions } from './fake-agent.ts';

async function install(options: Omit<FakeAgentOptions, 'name'>) {
  const agent = await installFakeAgent({ name: 'claude', ...options });
  const cwd = await realpath(await mkdtemp(join(tmpdir(), 'fake-agent-test-')));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const begin = (args: string[], env: Record<string, string> = {}, stdin: 'ignore' | 'pipe' = 'ignore') => {
    const child = spawn('claude', args, { cwd, env: agent.pathEnv(env), stdio: [stdin, 'pipe', 'pipe'] });
    return { child, ended: endOf(child) };
  };
  return { agent, cwd, begin, run: (...given: Parameters<typeof begin>) => begin(...given).ended };
}

async function endOf(child: ChildProcess) {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (part: Buffer) => out.push(part));
  child.stderr?.on('data', (part: Buffer) => err.push(part));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, out: Buffer.concat(out), err: Buffer.concat(err).toString() };
}

it('plays the bytes of a file in pieces and records how it was called', async () => {
  const { agent, cwd, run } = await install({
    turns: [{ output: { file: 'docs/workflow.md' } }],
  });
  const end = await run(['-p', '--session-id', 'abc'], { COLOUR: 'blue' });
  expect(end.out).toEqual(await readFile('docs/workflow.md'));
  const [call, ...rest] = await agent.calls();
  expect(rest).toEqual([]);
  expect(call?.pieces).toBeGreaterThan(3);
  expect(call).toMatchObject({ args: ['-p', '--session-id', 'abc'], cwd, stdin: '', exitCode: 0 });
  expect(call?.env).toEqual({ COLOUR: 'blue', PATH: `${agent.bin}:${process.env['PATH'] ?? ''}` });
  await agent.close();
});

it('plays one turn a call, waits for the end of stdin, and refuses a call too many', async () => {
  const { agent, begin, run } = await install({
    turns: [
      { output: { lines: ['{"n":1}'] } },
      { output: { lines: ['{"n":2}'] }, exitCode: 3, stderr: 'oh' },
    ],
  });
  const first = begin([], {}, 'pipe');
  first.child.stdin?.end('the prompt');
  expect((await first.ended).out.toString()).toBe('{"n":1}\n');
  expect(await run([])).toMatchObject({ code: 3, err: 'oh' });
  expect(await run([])).toMatchObject({ code: 97, err: expect.stringContaining('no turn') });
  expect((await agent.calls()).map(({ stdin }) => stdin)).toEqual(['the prompt', '', null]);
  await agent.close();
});

it('puts what the call was given into the recorded text, and files where a flag says', async () => {
  const { agent, cwd, run } = await install({
    turns: [
      {
        output: { lines: ['{"session":"old"}'] },
        replace: { old: { flag: ['--session-id', '--resume'] } },
        files: [{ at: { flag: '--usage-output-file' }, text: '{"tokens":1}' }],
      },
    ],
    readFiles: [{ flag: '--mcp-config' }],
  });
  const file = join(cwd, 'usage.json');
  const config = join(agent.folder, 'script.json');
  const end = await run(['--resume=new', '--usage-output-file', file, '--mcp-config', config]);
  expect(end.out.toString()).toBe('{"session":"new"}\n');
  expect(await readFile(file, 'utf8')).toBe('{"tokens":1}');
  expect((await agent.calls())[0]?.files['--mcp-config']).toContain('usage-output-file');
  await agent.close();
});

it('answers a probe without using up a turn', async () => {
  const { agent, run } = await install({
    turns: [{ output: { lines: ['{}'] } }],
    probes: [{ args: ['--version'], stdout: '2.1.330\n' }],
  });
  expect((await run(['--version'])).out.toString()).toBe('2.1.330\n');
  expect((await run(['-p'])).out.toString()).toBe('{}\n');
  expect(await agent.calls()).toHaveLength(1);
  expect(await agent.probes()).toMatchObject([{ isProbe: true, args: ['--version'] }]);
  await agent.close();
});

it('says last words at a signal and takes its tool with it', async () => {
  const { agent, begin } = await install({
    turns: [
      {
        output: { lines: ['{"n":1}', '{"n":2}'] },
        misbehave: [{ kind: 'hang', afterLine: 1, withTool: true }],
        onSignal: { SIGINT: { lines: ['{"bye":1}'], endsChildren: true } },
      },
    ],
  });
  const { child, ended } = begin([]);
  await agent.until(([call]) => call?.hanging);
  expect(await agent.alive()).toHaveLength(2);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, out: Buffer.from('{"n":1}\n{"bye":1}\n') });
  expect((await agent.calls())[0]).toMatchObject({ signals: ['SIGINT'], exitCode: 0 });
  await agent.close();
});

it('leaves a child in a session of its own, and says so when it is closed', async () => {
  const { agent, run } = await install({
    turns: [{ misbehave: [{ kind: 'child-in-new-session', ignoresSignals: true }] }],
  });
  await run([], { SORTIE_RUN_ID: 'r1' });
  const [tool] = await agent.alive();
  expect(tool?.what).toBe('tool');
  expect(await readFile(`/proc/${tool?.pid ?? 0}/environ`, 'utf8')).toContain('SORTIE_RUN_ID=r1');
  await expect(agent.close(0)).rejects.toThrow('left alive');
});

it('ignores signals', async () => {
  const { agent, begin } = await install({
    turns: [
      { misbehave: [{ kind: 'hang', afterLine: 0 }], onSignal: { SIGTERM: 'ignore', SIGINT: 'ignore' } },
    ],
  });
  const { child, ended } = begin([]);
  await agent.until(([call]) => call?.hanging);
  child.kill('SIGTERM');
  await agent.until(([call]) => call?.signals.length === 1);
  child.kill('SIGINT');
  await agent.until(([call]) => call?.signals.length === 2);
  child.kill('SIGKILL');
  expect(await ended).toMatchObject({ signal: 'SIGKILL' });
  await agent.close();
});

it('holds stdout by a grandchild after its exit', async () => {
  const { agent, begin } = await install({
    turns: [{ output: { lines: ['{}'] }, misbehave: [{ kind: 'stdout-held-by-grandchild' }] }],
  });
  const { child, ended } = begin([]);
  let out = '';
  child.stdout?.on('data', (part: Buffer) => (out += part.toString()));
  expect(await once(child, 'exit')).toEqual([0, null]);
  await expect.poll(() => out).toBe('{}\n');
  expect(child.stdout?.readableEnded).toBe(false);
  await expect(agent.close(0)).rejects.toThrow('grandchild');
  // It was ended with the rest, and let go of it.
  expect(await ended).toMatchObject({ code: 0 });
});

it('writes a line of 20 MB, bytes that are not UTF-8, and a last line cut in the middle', async () => {
  const { agent, run } = await install({
    turns: [
      {
        output: { lines: ['{"n":1}', '{"n":2,"text":"0123456789"}'] },
        misbehave: [
          { kind: 'huge-line', afterLine: 0, bytes: 20_000_000 },
          { kind: 'invalid-utf8', afterLine: 1 },
          { kind: 'cut-last-line' },
        ],
      },
    ],
  });
  const { out, code } = await run([]);
  expect(code).toBe(0);
  const huge = out.indexOf('\n');
  expect(huge).toBe(20_000_000);
  expect(JSON.parse(out.subarray(0, huge).toString())).toMatchObject({ type: 'huge' });
  const rest = out.subarray(huge + 1);
  expect(rest.includes(Buffer.from([0xff, 0xfe]))).toBe(true);
  expect(rest.toString('latin1').split('\n')).toEqual(['{"n":1}', expect.anything(), '{"n":2,"text":']);
  await agent.close();
});

it('dies by a signal of its own', async () => {
  const { agent, run } = await install({ turns: [{ output: { lines: ['{}'] }, diesBy: 'SIGSEGV' }] });
  expect(await run([])).toMatchObject({ signal: 'SIGSEGV', out: Buffer.from('{}\n') });
  await agent.close();
});
