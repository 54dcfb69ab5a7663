// Operators' words about the daemon as a whole: pause, resume, drain. Each is judged by the mode that is in force; the
// words about one issue are issue-controls.ts's affair. What a mode keeps from being started is said in pauses.ts.

import type { DaemonControl, DispatchMode, Event } from '../contract/index.ts';
import { refusalOfAny } from './control-rules.ts';
import { applyToIssue } from './issue-controls.ts';
import { minuteOf } from './minutes.ts';
import { accept, describeWord, refuse, type Request } from './operator-words.ts';
import { write, type Orders } from './orders.ts';
import { startWaitingRetries } from './retries.ts';
import { holdsSlot } from './slots.ts';
import type { CoreState } from './state.ts';
import { beginTick } from './tick.ts';

const MODE_OF: Readonly<Record<DaemonControl, DispatchMode>> = {
  pause: 'paused',
  resume: 'running',
  drain: 'draining',
};

/** A drain that is paused would end without anybody being told. */
const FROM: Readonly<Record<DaemonControl, readonly DispatchMode[]>> = {
  pause: ['running'],
  drain: ['running', 'paused'],
  resume: ['paused', 'draining'],
};

export function onControl(orders: Orders, event: Extract<Event, { kind: 'control_requested' }>): void {
  const { command, controlId } = event;
  const refusal = refusalOfAny(orders.state);
  if (refusal !== null) refuse(orders, controlId, refusal);
  else if ('issue' in command) applyToIssue(orders, event, command);
  else applyToDaemon(orders, event, command.control);
}

function applyToDaemon(orders: Orders, request: Request, control: DaemonControl): void {
  const { state, now } = orders;
  const before = state.dispatch;
  if (!FROM[control].includes(before.mode)) {
    refuse(orders, request.controlId, { code: 'invalid_state', message: describeRefusal(before) });
    return;
  }
  const { by, reason } = request.word;
  state.dispatch = { mode: MODE_OF[control], by, reason, sinceMs: now.atMs };
  write(orders, { kind: 'put_dispatch', dispatch: state.dispatch });
  accept(orders, request, control, { issue: null, message: messageOf(state, control) });
  if (control !== 'resume') return;
  startWaitingRetries(orders);
  beginTick(orders);
}

function describeRefusal(before: CoreState['dispatch']): string {
  const since = minuteOf(before.sinceMs);
  switch (before.mode) {
    case 'running':
      return 'dispatch is running: pause and drain are possible';
    case 'paused':
      return `dispatch is paused since ${since} ${describeWord(before)}: resume and drain are possible`;
    case 'draining':
      return `dispatch is draining since ${since} ${describeWord(before)}: resume is possible`;
  }
}

function messageOf(state: CoreState, control: DaemonControl): string {
  if (control === 'resume') return 'dispatch goes on with a tick now';
  const busy = [...state.claims.values()].filter(holdsSlot).length;
  const rest = busy === 0 ? 'nothing runs' : `${busy} under way ${busy === 1 ? 'goes' : 'go'} on to the end`;
  return control === 'pause'
    ? `dispatch is paused: ${rest}`
    : `dispatch is draining: ${rest}, nothing is started`;
}
