// What never begins: one clear error that names the command or the folder, and a promise that resolves.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LaunchError } from '../../src/process/index.ts';
import { endEverything, launch, launchShell } from './real-processes.ts';

afterEach(endEverything);

describe('a launch that fails', () => {
  it('names a missing command', async () => {
    const child = launch({ file: 'no-such-agent-command' });
    const result = await child.result;
    expect(child.pid).toBeUndefined();
    expect(child.identity).toBeNull();
    expect(result).toMatchObject({ cause: 'spawn_failed', exitCode: null, signal: null, survivors: [] });
    expect(result.error).toBeInstanceOf(LaunchError);
    expect(result.error).toMatchObject({ kind: 'command_missing', file: 'no-such-agent-command' });
    expect(result.error?.message).toMatch(/^cannot start "no-such-agent-command": command not found/);
    await child.end('harmless');
    child.killNow();
  });

  it('tells a missing working folder from a missing command', async () => {
    const result = await launchShell('true', { cwd: '/no/such/folder' }).result;
    expect(result.cause).toBe('spawn_failed');
    expect(result.error).toMatchObject({ kind: 'cwd_missing', cwd: '/no/such/folder' });
    expect(result.error?.message).toContain('/no/such/folder');
  });

  it('tells a file that may not be executed, and arguments that the system refuses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'process-launch-'));
    try {
      const file = join(folder, 'agent');
      writeFileSync(file, '#!/bin/sh\n');
      chmodSync(file, 0o644);
      const denied = await launch({ file }).result;
      expect(denied.error).toMatchObject({ kind: 'command_not_executable' });
      const tooLong = await launch({ file: 'true', args: ['x'.repeat(4_000_000)] }).result;
      expect(tooLong).toMatchObject({ cause: 'spawn_failed', error: { kind: 'spawn_failed' } });
      const nul = await launch({ file: 'true', args: ['a\0b'] }).result;
      expect(nul.error).toBeInstanceOf(LaunchError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('starts nothing when it was aborted before', async () => {
    const child = launchShell('exec sleep 60', { signal: AbortSignal.abort(new Error('stopping')) });
    expect(child.pid).toBeUndefined();
    expect(await child.result).toMatchObject({ cause: 'aborted', reason: 'stopping', exitCode: null });
  });
});
