// The conversation in lines: every request ends, whatever the other side does, and no timer is left.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRpcPeer, RpcError } from '../../../../adapters/agents/codex/rpc-peer.ts';
import type { RpcPeer } from '../../../../adapters/agents/codex/rpc-peer.ts';

let sent: Record<string, unknown>[];
let peer: RpcPeer;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  const write = (line: string): Promise<void> => {
    expect(line).toMatch(/^[^\n]+\n$/);
    sent.push(JSON.parse(line) as Record<string, unknown>);
    return Promise.resolve();
  };
  peer = createRpcPeer({ write, timeoutMs: 100 });
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a JSON-RPC peer', () => {
  it('gives each request its own answer, in whatever order they come', async () => {
    const [one, two] = [peer.request('a', {}), peer.request('b', { x: 1 })];
    expect(sent).toEqual([
      { id: 1, method: 'a', params: {} },
      { id: 2, method: 'b', params: { x: 1 } },
    ]);
    peer.take({ id: 2, result: { of: 'b' } });
    peer.take({ id: 1, result: { of: 'a' } });
    expect(await Promise.all([one, two])).toEqual([{ of: 'a' }, { of: 'b' }]);
  });

  it('rejects with what the other side says', async () => {
    const asked = peer.request('thread/resume', {});
    peer.take({ id: 1, error: { code: -32600, message: 'no rollout\nfound' } });
    await expect(asked).rejects.toMatchObject({ method: 'thread/resume', message: 'no rollout found' });
    await expect(asked).rejects.toBeInstanceOf(RpcError);
  });

  it('does not wait for ever, and takes no notice of an answer that comes too late', async () => {
    const asked = peer.request('a', {});
    const failed = expect(asked).rejects.toMatchObject({ kind: 'response_timeout' });
    await vi.advanceTimersByTimeAsync(100);
    await failed;
    expect(peer.take({ id: 1, result: {} })).toBe(true);
  });

  it('gives a slow method the time that it needs at least', async () => {
    const asked = peer.request('thread/start', {}, 500);
    await vi.advanceTimersByTimeAsync(400);
    peer.take({ id: 1, result: { ok: true } });
    expect(await asked).toEqual({ ok: true });
  });

  it('ends what waits when it is closed, and what comes after', async () => {
    const asked = peer.request('a', {});
    peer.close(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    await expect(peer.request('b', {})).rejects.toThrow('gone');
  });

  it('answers under the id that was asked', async () => {
    await peer.answer('x-1', { result: { decision: 'decline' } });
    await peer.answer(0, { error: { code: -32601, message: 'no' } });
    expect(sent).toEqual([
      { id: 'x-1', result: { decision: 'decline' } },
      { id: 0, error: { code: -32601, message: 'no' } },
    ]);
  });

  it('survives a write that fails', async () => {
    const broken = createRpcPeer({ write: () => Promise.reject(new Error('EPIPE')), timeoutMs: 50 });
    const failed = expect(broken.request('a', {})).rejects.toMatchObject({ kind: 'response_timeout' });
    await broken.answer(1, { result: {} });
    await vi.advanceTimersByTimeAsync(50);
    await failed;
  });

  it('never throws at what it takes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('id', 'method', 'result', 'error', 'x'), fc.anything()),
        (message) => {
          peer.take(message);
        },
      ),
    );
  });
});
