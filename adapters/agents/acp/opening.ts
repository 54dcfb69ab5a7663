// From a fresh process to an open session: initialize, then a new session or the old one, then the mode. Each step has
// the read timeout. What the agent can do decides how an old session is taken up: `session/resume`, which says nothing
// of its history, before `session/load`, which tells all of it again.

import { AgentError } from '../../../src/contract/agent.ts';
import type { SessionRequest } from '../../../src/contract/agent.ts';
import { arrayAt, booleanAt, idAt, numberAt, objectAt, stringAt } from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';
import type { Link } from './link.ts';
import { acpServers, acpTools, readMcpConfig } from './mcp-servers.ts';
import type { AcpSettings } from './settings.ts';

const PROTOCOL_VERSION = 1;

/** Rejects with AgentError, or with what `Link.ask` rejects with. @returns the session's id. */
export async function openSession(
  link: Link,
  request: SessionRequest,
  settings: AcpSettings,
  /** null = a new one. */
  knownId: string | null,
): Promise<string> {
  const ask = (method: string, params: JsonObject): Promise<unknown> =>
    link.ask(method, params, request.readTimeoutMs);
  const agent = await ask('initialize', {
    protocolVersion: PROTOCOL_VERSION,
    // No files and no terminals of ours: the agent has the workspace, and uses its own tools there.
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
    clientInfo: { name: 'sortie', title: 'Sortie', version: '1.0.0' },
  });
  const version = numberAt(agent, 'protocolVersion');
  if (version !== PROTOCOL_VERSION) {
    const spoken = version === null ? 'does not say which version of ACP it speaks' : `speaks ACP ${version}`;
    throw new AgentError('agent_config_error', `the agent ${spoken}; version ${PROTOCOL_VERSION} is needed`);
  }
  const can = objectAt(agent, 'agentCapabilities');
  const transports = {
    http: booleanAt(can, 'mcpCapabilities', 'http') === true,
    sse: booleanAt(can, 'mcpCapabilities', 'sse') === true,
  };
  const place = {
    cwd: request.workspacePath,
    mcpServers: [
      ...(await acpServers(await readMcpConfig(settings.mcp_config), transports, request.env)),
      ...acpTools(request.tools, transports),
    ],
  };
  let sessionId = knownId ?? '';
  let session: unknown;
  if (knownId === null) {
    session = await ask('session/new', place);
    sessionId = idAt(session, 'sessionId');
    if (sessionId === '') throw new AgentError('response_error', 'the agent gave its new session no id');
  } else if (objectAt(can, 'sessionCapabilities', 'resume') !== null) {
    session = await ask('session/resume', { sessionId, ...place });
  } else if (booleanAt(can, 'loadSession') === true) {
    session = await ask('session/load', { sessionId, ...place });
    // Gemini tells the history after the answer, and would go on telling it into the turn.
    await link.quiet();
  } else {
    const detail = 'the agent can neither resume nor load a session';
    throw new AgentError('response_error', detail, { reason: 'session_unknown' });
  }
  if (settings.mode !== undefined) await setMode(ask, session, sessionId, settings.mode);
  return sessionId;
}

/** Modes are named by id, by what stands behind the last `#` of it (Copilot's are URLs), or by name. */
async function setMode(
  ask: (method: string, params: JsonObject) => Promise<unknown>,
  session: unknown,
  sessionId: string,
  wanted: string,
): Promise<void> {
  const modes = arrayAt(session, 'modes', 'availableModes');
  const ids = modes.map((mode) => stringAt(mode, 'id'));
  const modeId =
    ids.find((id) => id === wanted) ??
    ids.find((id) => id.endsWith(`#${wanted}`)) ??
    stringAt(
      modes.find((mode) => stringAt(mode, 'name').toLowerCase() === wanted.toLowerCase()),
      'id',
    );
  if (modeId !== '') {
    await ask('session/set_mode', { sessionId, modeId });
    return;
  }
  const option = arrayAt(session, 'configOptions').find((one) => stringAt(one, 'category') === 'mode');
  const values = arrayAt(option, 'options').map((one) => stringAt(one, 'value'));
  if (values.includes(wanted)) {
    await ask('session/set_config_option', { sessionId, configId: stringAt(option, 'id'), value: wanted });
    return;
  }
  const offered = [...ids, ...values].join(', ');
  throw new AgentError(
    'agent_config_error',
    `acp.mode: the agent has no mode "${wanted}"; ${offered === '' ? 'it has none at all' : `it offers ${offered}`}`,
  );
}
