// What only several keys together can get wrong: kinds against the adapters that exist, states against each
// other, the server's address against its token. Each check skips keys that were already found wrong, so
// that one mistake is reported once. States are compared without regard to case.

import { isIP } from 'node:net';
import type { AgentRegistration } from '../contract/agent.ts';
import type { TrackerRegistration } from '../contract/tracker.ts';
import { isLoopback } from './loopback.ts';
import { didYouMean } from './nearest.ts';
import { quoted, type ProblemList } from './problem-list.ts';
import type { ReadSettings } from './read-settings.ts';

export interface CrossCheckContext extends ReadSettings {
  /** Leads a message about a key that nobody set. */
  readonly path: string;
  readonly hasFrontMatter: boolean;
  readonly problems: ProblemList;
}

export function findTracker(
  registrations: readonly TrackerRegistration[],
  context: CrossCheckContext,
): TrackerRegistration | null {
  const kind = context.values.tracker.kind;
  const known = registrations.map((registration) => registration.kind);
  const list = `known kinds: ${known.join(', ') || 'none'}`;
  if (kind === '') {
    if (context.invalid.has('tracker.kind') || context.invalid.has('tracker')) return null;
    const why = context.hasFrontMatter ? '' : ' (the file has no front matter: its first line is not ---)';
    context.problems.error(
      'tracker.kind',
      `${context.path}: tracker.kind is not set${why}; set it (${list})`,
    );
    return null;
  }
  const found = registrations.findLast((registration) => registration.kind === kind);
  if (found) return found;
  const text = `unsupported_tracker_kind: there is no tracker adapter ${quoted(kind)}${didYouMean(kind, known)}`;
  context.problems.error('tracker.kind', `${origin(context, 'tracker.kind')}: ${text}; ${list}`);
  return null;
}

export function findAgent(
  registrations: readonly AgentRegistration[],
  context: CrossCheckContext,
): AgentRegistration | null {
  if (context.invalid.has('agent.kind') || context.invalid.has('agent')) return null;
  const { kind, command } = context.values.agent;
  const known = registrations.map((registration) => registration.kind);
  const found = registrations.find((registration) => registration.kind === kind);
  if (!found) {
    const which = context.given.has('agent.kind') ? '' : ' (the default)';
    const text = `there is no agent adapter ${quoted(kind)}${which}${didYouMean(kind, known)}`;
    const list = `known kinds: ${known.join(', ') || 'none'}`;
    context.problems.error('agent.kind', `${origin(context, 'agent.kind')}: ${text}; ${list}`);
    return null;
  }
  if (command === '' && found.defaultCommand === '' && !context.invalid.has('agent.command')) {
    const text = `agent.command is not set, and the agent ${quoted(kind)} has no default; set it`;
    context.problems.error('agent.command', `${context.path}: ${text}`);
  }
  return found;
}

export function checkTrackerNeeds(registration: TrackerRegistration, context: CrossCheckContext): void {
  const { tracker } = context.values;
  const need = (key: 'project' | 'api_key'): void => {
    if (tracker[key] !== '' || context.invalid.has(`tracker.${key}`)) return;
    const text = `missing_tracker_${key}: the tracker ${quoted(registration.kind)} needs tracker.${key}`;
    const variable = `SORTIE_TRACKER_${key.toUpperCase()}`;
    context.problems.error(
      `tracker.${key}`,
      `${context.path}: ${text}; set it, or ${variable} in the environment`,
    );
  };
  if (registration.requiresProject) need('project');
  if (registration.requiresApiKey) need('api_key');
}

export interface StateLists {
  readonly active: readonly string[];
  readonly terminal: readonly string[];
}

/** `lists` are the effective ones, with the adapter's defaults. */
export function checkStates({ active, terminal }: StateLists, context: CrossCheckContext): void {
  const { values, invalid, problems } = context;
  const wrongActive = invalid.has('tracker.active_states');
  const wrongTerminal = invalid.has('tracker.terminal_states');
  const isActive = (state: string): boolean => !wrongActive && holds(active, state);
  const isTerminal = (state: string): boolean => !wrongTerminal && holds(terminal, state);
  const refuse = (key: string, text: string): void => {
    problems.error(`config.tracker.${key}`, `${origin(context, `tracker.${key}`)}: tracker.${key} ${text}`);
  };
  if (!wrongActive && !wrongTerminal && active.length === 0 && terminal.length === 0) {
    refuse('active_states', 'and tracker.terminal_states are both empty; list the states to work on');
  }
  const handoff = values.tracker.handoff_state;
  if (handoff !== '') {
    if (isActive(handoff)) {
      refuse(
        'handoff_state',
        `${quoted(handoff)} is an active state, so the issue would be started again at once; choose another`,
      );
    }
    if (isTerminal(handoff)) {
      refuse(
        'handoff_state',
        `${quoted(handoff)} is a terminal state, so the workspace would be removed; choose another`,
      );
    }
  }
  if (values.tracker.max_in_handoff > 0 && handoff === '' && !invalid.has('tracker.handoff_state')) {
    refuse(
      'max_in_handoff',
      'limits what waits in tracker.handoff_state, which is not set; set both or none',
    );
  }
  const inProgress = values.tracker.in_progress_state;
  if (inProgress === '') return;
  if (!wrongActive && !isActive(inProgress)) {
    refuse(
      'in_progress_state',
      `${quoted(inProgress)} is not an active state, so its run would be stopped at once; add it to tracker.active_states`,
    );
  }
  if (isTerminal(inProgress))
    refuse('in_progress_state', `${quoted(inProgress)} is a terminal state; choose another`);
  if (handoff !== '' && holds([handoff], inProgress)) {
    refuse('in_progress_state', `${quoted(inProgress)} is the handoff state as well; choose another`);
  }
}

/** A random one is longer; whoever may send headers may try as many as they like. */
const SHORT_TOKEN = 20;

export function checkServer(context: CrossCheckContext): void {
  const { values, invalid, given, problems } = context;
  const { host, port, token, allowed_hosts: allowedHosts } = values.server;
  checkSocket(context);
  if (token !== '' && token.length < SHORT_TOKEN) {
    const text = `server.token is shorter than ${SHORT_TOKEN} characters and may be guessed`;
    const where = origin(context, 'server.token');
    problems.warning('config.server.token', `${where}: ${text}; use \`openssl rand -hex 32\``);
  }
  if (invalid.has('server.host') || invalid.has('server')) return;
  const from = origin(context, 'server.host');
  const check = given.get('server.host') === '--host' ? 'args' : 'config.server.host';
  if (isIP(host) === 0) {
    const instead =
      host.toLowerCase() === 'localhost' ? 'write 127.0.0.1' : 'write one such as 127.0.0.1 or 0.0.0.0';
    problems.error(check, `${from}: server.host must be an IP address, found ${quoted(host)}; ${instead}`);
    return;
  }
  if (port === 0 || invalid.has('server.token')) return;
  const isProxied = token !== '' && allowedHosts.length > 0;
  if (values.server.protect_metrics && isLoopback(host) && !isProxied) {
    const text = `server.protect_metrics does nothing while server.host ${quoted(host)} is a loopback address`;
    const todo = 'remove it, choose another host, or, for a proxy, set server.token and server.allowed_hosts';
    const where = origin(context, 'server.protect_metrics');
    problems.warning('config.server.protect_metrics', `${where}: ${text}; ${todo}`);
  }
  if (token !== '' || isLoopback(host)) return;
  const text = `server.host ${quoted(host)} can be reached from other machines, and server.token is not set`;
  const what = 'set server.token (or SORTIE_SERVER_TOKEN), or listen on 127.0.0.1';
  problems.error('config.server.token', `${from}: ${text}; ${what}`);
}

/** The kernel's limit is 108 bytes on Linux and 104 elsewhere, the end of the text included. */
const MAX_SOCKET_BYTES = 100;

function checkSocket({ values, problems, ...context }: CrossCheckContext): void {
  const bytes = Buffer.byteLength(values.server.socket ?? '');
  if (bytes <= MAX_SOCKET_BYTES) return;
  const text = `server.socket is ${bytes} bytes long with its folders, and the system takes at most ${MAX_SOCKET_BYTES} for a socket; choose a shorter path, such as one in /run or /tmp`;
  const where = context.given.get('server.socket') ?? context.path;
  problems.error('config.server.socket', `${where}: ${text}`);
}

function holds(states: readonly string[], state: string): boolean {
  return states.some((one) => one.toLowerCase() === state.toLowerCase());
}

export function origin(context: CrossCheckContext, key: string): string {
  return context.given.get(key) ?? context.path;
}
