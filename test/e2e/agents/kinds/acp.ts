// An agent that speaks ACP, in the words that the adapters of Claude Code and opencode were seen to use; it counts at
// the end of each turn, for that turn.
import type { Scene } from '../kind.ts';
import { protocolKind } from './protocol-kind.ts';
import type { Part } from './protocol-kind.ts';

const SESSION = 'acp-session-0001';
let lastId = 100;

const asks = (method: string, params: object, id?: number): string =>
  JSON.stringify({
    dir: 'client->agent',
    msg: { jsonrpc: '2.0', ...(id === undefined ? {} : { id }), method, params },
  });
const says = (message: object): string =>
  JSON.stringify({ dir: 'agent->client', msg: { jsonrpc: '2.0', ...message } });
const update = (sessionUpdate: string, more: object): string =>
  says({ method: 'session/update', params: { sessionId: SESSION, update: { sessionUpdate, ...more } } });

function usage(calls: number): object {
  return {
    inputTokens: 100 * calls,
    outputTokens: 7 * calls,
    thoughtTokens: 3 * calls,
    cachedReadTokens: 20 * calls,
    totalTokens: 130 * calls,
  };
}

const TOOL = { toolCallId: 'call_1', title: 'bash', kind: 'execute' };
const talks = (text: string): string => update('agent_message_chunk', { content: { type: 'text', text } });
const toolBegins = [
  update('tool_call', { ...TOOL, status: 'pending' }),
  update('tool_call_update', { ...TOOL, status: 'in_progress' }),
];

/** One prompt: what comes before its answer, and the answer, or an error, or neither. */
function prompt(lines: readonly string[], answer: { result?: object; error?: object } | null): Part {
  const id = (lastId += 1);
  const asked = asks('session/prompt', { sessionId: SESSION, prompt: [] }, id);
  return { lines: [asked, ...lines, ...(answer === null ? [] : [says({ id, ...answer })])] };
}

function scene(name: Scene): Part {
  const done = (calls: number): { result: object } => ({
    result: { stopReason: 'end_turn', usage: usage(calls), _meta: {} },
  });
  const fails = (code: number, message: string): Part => prompt([], { error: { code, message } });
  switch (name) {
    case 'works':
    case 'idles':
      return prompt(
        [...toolBegins, update('tool_call_update', { ...TOOL, status: 'completed' }), talks('it is done')],
        done(2),
      );
    case 'goes on':
      return prompt([talks('nothing is left to do')], done(1));
    case 'unauthorized':
      return fails(-32603, 'Internal error: fake 401 from fake-llm');
    case 'limited':
      return fails(429, 'rate limit exceeded');
    case 'broken':
      return fails(500, 'the model service failed');
    case 'turn limit':
      return prompt(toolBegins, { result: { stopReason: 'max_turn_requests', usage: usage(3) } });
    case 'knows no session':
      return {
        lines: [],
        trouble: {
          kind: 'error',
          method: 'session/resume',
          error: { code: -32002, message: 'Resource not found' },
        },
      };
    case 'works, then hangs':
      throw new Error('nothing like that was recorded');
    case 'hangs in stream':
    case 'hangs in tool': {
      const withTool = name === 'hangs in tool';
      const { lines } = prompt(withTool ? toolBegins : [talks('let me see')], null);
      const cancelled = says({ id: lastId, result: { stopReason: 'cancelled', usage: usage(0) } });
      return {
        lines: [...lines, asks('session/cancel', { sessionId: SESSION }), cancelled],
        trouble: { kind: 'hang', method: 'session/prompt', afterLine: lines.length - 1, withTool },
      };
    }
  }
}

const capabilities = { loadSession: true, sessionCapabilities: { resume: {} } };

export const acp = protocolKind({
  kind: 'acp',
  program: 'some-agent',
  command: 'some-agent --acp',
  env: {},
  usage: 'turn_end',
  hasTurnLimit: true,
  saysReset: false,
  callsBeforeTool: 0,
  callsReportedLater: 0,
  opening: [
    asks('initialize', {}, 0),
    says({
      id: 0,
      result: {
        protocolVersion: 1,
        agentCapabilities: capabilities,
        agentInfo: { name: 'some-agent', version: '1' },
        authMethods: [],
      },
    }),
    asks('session/new', {}, 1),
    says({ id: 1, result: { sessionId: SESSION } }),
    asks('session/resume', {}, 2),
    says({ id: 2, result: {} }),
  ],
  spoken: 'it is done',
  scene,
  methods: {
    turn: 'session/prompt',
    resume: 'session/resume',
    begin: 'session/new',
    stop: 'session/cancel',
  },
  promptOf: ({ params }) => (params as { prompt: { text: string }[] }).prompt[0]?.text ?? '',
  sessionOf: ({ params }) => (params as { sessionId: string }).sessionId,
});
