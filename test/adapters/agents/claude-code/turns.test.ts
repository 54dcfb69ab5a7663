// Whole turns through a fake `claude` on PATH: real processes, recorded bytes in pieces, and what the CLI was given.
import { stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { recordedTurn, withFakeClaude } from './fake-claude.ts';
import { calls, recordedLines, spent } from './recorded.ts';

it('begins a session under our id, resumes it, and gives the prompt on stdin alone', async () => {
  const { fake, start } = await withFakeClaude({
    turns: [recordedTurn('partial-tool'), recordedTurn('partial-resume')],
  });
  const play = await start();
  await play.turn(1, { prompt: 'Fix the first thing.' });
  await play.turn(2, { prompt: 'And now the next.' });
  const [first, second] = await fake.calls();
  const id = play.request.newSessionId;
  const common = [
    ...['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
    ...['--permission-mode', 'bypassPermissions'],
  ];
  expect(first).toMatchObject({
    args: [...common, '--session-id', id],
    stdin: 'Fix the first thing.',
    cwd: play.request.workspacePath,
  });
  expect(second).toMatchObject({ args: [...common, '--resume', id], stdin: 'And now the next.' });
  expect(first?.env).toMatchObject({
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_MAX_RETRIES: '5',
    PWD: play.request.workspacePath,
    SORTIE_TURN: '1',
  });
  expect(first?.env).not.toHaveProperty('IS_SANDBOX');
  expect(play.session.sessionId).toBe(id);
  expect(spent(play.events)).toEqual(calls(3, 0.001812));
  expect(play.events.map(({ kind }) => kind).filter((kind) => /tool|turn|session/.test(kind))).toEqual([
    ...['session_started', 'tool_started', 'tool_result', 'turn_completed', 'turn_completed'],
  ]);
  assertNothingLeft(play.request.runId, play.processes);
});

it('resumes a session of an earlier run, which is counted from where it was', async () => {
  const { fake, start } = await withFakeClaude({ turns: [recordedTurn('partial-resume')] });
  const sessionUsage = calls(2, 0.001208);
  const play = await start({ resumeSessionId: '11111111-aaaa-4111-8111-111111111111', sessionUsage });
  await play.turn();
  expect((await fake.calls())[0]?.args).toContain('--resume');
  expect(spent(play.events)).toEqual(calls(1, 0.000604));
});

it.each([
  ['error401', 'agent_config_error', 'authentication'],
  ['error429', 'turn_failed', 'quota'],
  ['usage-limit', 'turn_failed', 'quota'],
  ['error500', 'turn_failed', 'service_error'],
  ['maxturns', 'turn_failed', 'turn_limit'],
  ['budget', 'turn_failed', 'budget'],
  ['resume-unknown', 'response_error', 'session_unknown'],
])('%s: %s, %s', async (name, kind, reason) => {
  const { start } = await withFakeClaude({ turns: [recordedTurn(name, { exitCode: 1 })] });
  const play = await start();
  await expect(play.turn()).rejects.toMatchObject({ name: 'AgentError', kind, reason, exitCode: 1 });
  assertNothingLeft(play.request.runId, play.processes);
});

it('fails a turn that ends well after a refused call', async () => {
  const { start } = await withFakeClaude({ turns: [recordedTurn('dontask')] });
  const play = await start({ settings: { permission_mode: 'dontAsk' } });
  await expect(play.turn()).rejects.toMatchObject({
    kind: 'turn_input_required',
    reason: 'permission_refused',
    exitCode: 0,
  });
  expect(play.events.at(-1)?.kind).toBe('turn_input_required');
});

it('completes a turn whose process fails after its result', async () => {
  const { start } = await withFakeClaude({ turns: [recordedTurn('success', { exitCode: 1 })] });
  await (await start()).turn();
});

it.each([
  [
    'a session id that is taken',
    'Error: Session ID x is already in use.',
    'response_error',
    'session_unknown',
  ],
  ['root', 'cannot be used with root/sudo privileges for security reasons', 'agent_config_error', null],
])('explains why the CLI did not begin: %s', async (_, stderr, kind, reason) => {
  const { start } = await withFakeClaude({ turns: [{ stderr, exitCode: 1 }] });
  await expect((await start()).turn()).rejects.toMatchObject({ kind, reason });
});

it('tells a crash from a cut output', async () => {
  const lines = recordedLines('partial-tool').slice(0, 12);
  const { start } = await withFakeClaude({
    turns: [
      { output: { lines }, diesBy: 'SIGKILL' },
      { output: { lines } },
      recordedTurn('success', { misbehave: [{ kind: 'cut-last-line' }] }),
    ],
  });
  const play = await start();
  await expect(play.turn(1)).rejects.toMatchObject({ kind: 'port_exit', reason: 'crash' });
  await expect(play.turn(2)).rejects.toMatchObject({ kind: 'turn_failed', reason: 'truncated_output' });
  await expect(play.turn(3)).rejects.toMatchObject({ kind: 'turn_failed', reason: 'truncated_output' });
});

it('survives a line of 20 MB, bytes that are no text, and a grandchild that holds stdout', async () => {
  const { fake, start } = await withFakeClaude({
    turns: [
      recordedTurn('partial-tool', {
        misbehave: [
          { kind: 'huge-line', afterLine: 3, bytes: 20_000_000 },
          { kind: 'invalid-utf8', afterLine: 5 },
          { kind: 'stdout-held-by-grandchild', afterLine: 1 },
          { kind: 'child-in-new-session', afterLine: 4, ignoresSignals: true },
        ],
      }),
    ],
  });
  const play = await start();
  await play.turn();
  expect(spent(play.events)).toEqual(calls(2, 0.001208));
  expect(await fake.alive()).toEqual([]);
});

it('gives appended prompt and inline servers by private files that are gone after the turn', async () => {
  const { fake, start } = await withFakeClaude({
    turns: [recordedTurn('success')],
    probes: [{ args: ['--help'], stdout: '  --system-prompt-snapshot <on|off>  Record the prompt\n' }],
    readFiles: [{ flag: '--append-system-prompt-file' }, { flag: '--mcp-config' }],
  });
  const servers =
    '{"mcpServers":{"t":{"type":"http","url":"http://x","headers":{"Authorization":"secret"}}}}';
  const play = await start({ settings: { append_system_prompt: 'Be brief.', mcp_config: servers } });
  await play.turn();
  const [call] = await fake.calls();
  expect(call?.files).toEqual({ '--append-system-prompt-file': 'Be brief.', '--mcp-config': servers });
  expect(call?.args.join(' ')).not.toMatch(/secret|brief/);
  expect(call?.args).toContain('--system-prompt-snapshot=off');
  const paths = call?.args.flatMap(
    (arg) => /^--(?:mcp-config|append-system-prompt-file)=(.+)$/.exec(arg)?.[1] ?? [],
  );
  expect(paths).toHaveLength(2);
  for (const path of paths ?? []) {
    expect(path.startsWith(play.request.privateDirectory)).toBe(true);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  }
});

it('leaves an option out that an older CLI does not have', async () => {
  const { fake, start } = await withFakeClaude({
    turns: [recordedTurn('success')],
    probes: [{ args: ['--help'], stdout: 'Usage: claude\n' }],
  });
  await (await start({ settings: { append_system_prompt: 'Be brief.' } })).turn();
  expect((await fake.calls())[0]?.args.join(' ')).not.toContain('snapshot');
});

it('keeps raw lines of both directions for the transcript', async () => {
  const { start } = await withFakeClaude({ turns: [recordedTurn('resume', { replace: {} })] });
  const lines: string[] = [];
  const onLine = (stream: string, line: string): void => void lines.push(`${stream} ${line}`);
  await (await start({ onLine })).turn(1, { prompt: 'Fix it.' });
  expect(lines).toEqual(['input Fix it.', ...recordedLines('resume').map((line) => `stdout ${line}`)]);
});
