// What an operator's word changes in the fake daemon: just enough for a page to show that it was heard.

import type { ControlAnswer, DispatchMode } from '../../src/contract/controls.ts';
import type { ControlRequest, Snapshot } from '../../src/contract/snapshot.ts';
import type { FakeDaemon } from './fake-daemon.ts';
import { NOW_MS } from './fake-state.ts';

const MODES = { pause: 'paused', resume: 'running', drain: 'draining' } as const satisfies Record<
  string,
  DispatchMode
>;

export function obey(daemon: FakeDaemon, request: ControlRequest): ControlAnswer {
  const { snapshot } = daemon;
  if (snapshot === null) return refused('snapshot_unavailable', 'the daemon is still recovering');
  const { control, identifier } = request;
  if (identifier !== null) return obeyForIssue(daemon, snapshot, request, identifier);
  const mode = MODES[control as keyof typeof MODES];
  if (snapshot.dispatch.mode === mode) {
    return refused(
      'invalid_state',
      `dispatch is ${mode} already; ${mode === 'running' ? 'pause' : 'resume'} would work`,
    );
  }
  note(daemon, request, null);
  daemon.change({ dispatch: { mode, ...request.word, sinceMs: NOW_MS } });
  return { kind: 'accepted', message: `dispatch is ${mode}` };
}

function obeyForIssue(
  daemon: FakeDaemon,
  snapshot: Snapshot,
  request: ControlRequest,
  identifier: string,
): ControlAnswer {
  const issue = daemon.view.issue(identifier);
  if (issue === null) return refused('issue_not_found', `no issue ${identifier} is known`);
  const { control } = request;
  if (!(issue.controls as readonly string[]).includes(control)) {
    const works = issue.controls.join(', ');
    return refused('invalid_state', `${issue.issueIdentifier} is ${issue.status}; what works: ${works}`);
  }
  note(daemon, request, issue);
  const others = <T extends { readonly issueId: string }>(list: readonly T[]): T[] =>
    list.filter(({ issueId }) => issueId !== issue.issueId);
  const { issueId, issueIdentifier } = issue;
  const title = issue.issue?.title ?? '';
  const held = {
    issueId,
    issueIdentifier,
    title,
    reason: 'held',
    detail: `${control === 'cancel' ? 'cancelled' : 'held'} by ${request.word.by}: ${request.word.reason}`,
    parkedAtMs: NOW_MS,
    untilMs: null,
    endsOn: ['operator'],
  } as const;
  daemon.change({
    running: others(snapshot.running),
    retrying: others(snapshot.retrying),
    waiting: others(snapshot.waiting),
    parked: [...others(snapshot.parked), ...(control === 'cancel' || control === 'hold' ? [held] : [])],
  });
  return { kind: 'accepted', message: `${control} of ${issueIdentifier}` };
}

function note(
  daemon: FakeDaemon,
  { control, word }: ControlRequest,
  issue: { readonly issueId: string; readonly issueIdentifier: string } | null,
): void {
  const { issueId = null, issueIdentifier = null } = issue ?? {};
  daemon.actions = [{ atMs: NOW_MS, control, ...word, issueId, issueIdentifier }, ...daemon.actions];
}

function refused(code: Extract<ControlAnswer, { kind: 'refused' }>['code'], message: string): ControlAnswer {
  return { kind: 'refused', code, message };
}
