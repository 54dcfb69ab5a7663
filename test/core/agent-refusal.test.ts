// An agent whose credentials or configuration are refused parks one issue, not all of them: nothing else is started
// with it until something has changed.

import { describe, expect, it } from 'vitest';
import { failed, type Core } from './driver.ts';
import { issue } from './issues.ts';
import { running } from './usage.ts';

function refused(core = running({}, '1', '2')): Core {
  core.ended('1', failed('agent_config_error', { reason: 'authentication', message: 'not logged in' }));
  return core;
}

function startsNext(core: Core): boolean {
  core.tick([issue('3')]);
  return core.stageOf('3') === 'checking';
}

describe('an agent that refuses to work', () => {
  it('parks the issue, and nothing new is started', () => {
    const core = refused();
    expect(core.park('1').reason).toBe('agent_error');
    expect(core.told('dispatch_paused')).toMatchObject([
      { reason: 'agent_error', agentKind: 'mock', detail: 'not logged in', untilMs: null },
    ]);
    expect(startsNext(core)).toBe(false);
    expect(core.state.verdicts.get('3')).toMatchObject({
      verdict: 'paused',
      detail: 'agent mock refuses to work: not logged in',
    });
    expect(core.snapshot().pauses).toHaveLength(1);
  });

  it('parks one issue only: another that was under way waits, and goes on when the first may', () => {
    const core = refused();
    core.ended('2', failed('agent_config_error', { reason: 'authentication', message: 'not logged in' }));
    expect(core.stageOf('2')).toBe('retry_queued');
    core.fire('retry:2');
    expect(core.retry('2')).toMatchObject({ attempt: 1, failures: 0 });
    expect(core.shown('2').error).toBe(
      'dispatch is paused: agent mock refuses to work; after: not logged in',
    );
    core.reload({}, true);
    expect([core.stageOf('1'), core.stageOf('2')]).toEqual(['retry_queued', 'checking']);
  });

  it.each(['agent_not_found', 'agent_config_error'] as const)('is one that ends in %s', (kind) => {
    const core = running({}, '1');
    core.ended('1', failed(kind));
    expect(startsNext(core)).toBe(false);
  });

  it('is not one that failed otherwise', () => {
    const core = running({}, '1');
    core.ended('1', failed('invalid_workspace_cwd'));
    expect(startsNext(core)).toBe(true);
  });

  it('keeps due retries waiting, attempt unchanged, and says so', () => {
    const core = refused();
    core.ended('2', failed());
    core.fire('retry:2');
    expect(core.shown('2')).toMatchObject({
      attempt: 1,
      error: 'dispatch is paused: agent mock refuses to work; after: it broke',
    });
    core.reload({}, true);
    expect(core.stageOf('2')).toBe('checking');
  });
});

describe('a retry that waited for the agent', () => {
  it('says so no longer when it is a slot that it waits for', () => {
    const core = refused(running({ settings: { agent: { maxConcurrentAgents: 2 } } }, '1', '2'));
    core.ended('2', failed());
    core.fire('retry:2');
    core.reload({ agent: { maxConcurrentAgents: 0 } }, true);
    expect(core.shown('2').error).toBe('no available orchestrator slots; after: it broke');
    expect(core.saved('put_retry').map(({ retry }) => retry.issueId)).not.toContain('2');
  });
});

describe('it is trusted again', () => {
  it('when somebody changes an issue that was parked for it', () => {
    const core = refused();
    core.found('1', issue('1', { comments: [] }));
    core.tick([issue('1', { title: 'Try again' })]);
    core.found('1', issue('1', { title: 'Try again', comments: [] }));
    expect(core.told('dispatch_resumed')).toMatchObject([{ reason: 'agent_error', agentKind: 'mock' }]);
    expect(startsNext(core)).toBe(true);
  });

  it('when that issue is closed', () => {
    const core = refused();
    core.found('1', issue('1', { state: 'Done', comments: [] }));
    expect(startsNext(core)).toBe(true);
  });

  it('when the workflow changes', () => {
    const core = refused();
    core.reload({}, true);
    expect(core.told('dispatch_resumed')).toHaveLength(1);
    expect(startsNext(core)).toBe(true);
  });

  it('not by a reload that changes no work', () => {
    const core = refused();
    core.reload({});
    expect(startsNext(core)).toBe(false);
  });

  it('never needed while another agent is set', () => {
    const core = refused();
    core.reload({ agent: { kind: 'other' } });
    expect(startsNext(core)).toBe(true);
  });
});
