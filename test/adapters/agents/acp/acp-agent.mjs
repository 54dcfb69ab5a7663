// A small agent that speaks ACP 1 on stdio. What it can do comes as JSON in its first argument, what it is to do in the
// prompt: words, in order. It keeps its sessions in a file, so that a second process knows them.
//   tool, write, permission, bad-permission, no-option, ask-file, junk, huge, late, say=TEXT, usage=N, stop=REASON, error=CODE:TEXT, no-stop,
//   hang, hang-tool, stubborn, exit=CODE, die
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const can = JSON.parse(process.argv[2] ?? '{}');
const log = process.env.ACP_LOG;
const store = process.env.ACP_SESSIONS;
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const update = (sessionId, sessionUpdate, fields) =>
  say({ method: 'session/update', params: { sessionId, update: { sessionUpdate, ...fields } } });
const chunk = (text) => ({ content: { type: 'text', text } });
const waiting = new Map();
let asked = 0;
const ask = (method, params) =>
  new Promise((resolve) => {
    const id = `q${asked++}`;
    waiting.set(id, resolve);
    say({ id, method, params });
  });
let cancel = () => {};
const children = [];
const startChild = (stubborn) => {
  const script = stubborn ? "trap '' TERM INT HUP; exec sleep 300" : 'exec sleep 300';
  const child = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
  children.push(child);
};

async function play(sessionId, word) {
  const [name, value = ''] = word.split(/=(.*)/s);
  switch (name) {
    case 'say':
      return update(sessionId, 'agent_message_chunk', chunk(value));
    case 'tool':
    case 'write': {
      const toolCallId = `${name}-${asked++}`;
      const kind = name === 'write' ? 'edit' : 'execute';
      update(sessionId, 'tool_call', { toolCallId, title: name, kind, status: 'pending' });
      return update(sessionId, 'tool_call_update', { toolCallId, status: 'completed' });
    }
    case 'permission': {
      const options = [
        { optionId: 'always', kind: 'allow_always', name: 'a' },
        { optionId: 'once', kind: 'allow_once', name: 'o' },
        { optionId: 'no', kind: 'reject_once', name: 'n' },
      ];
      const answer = await ask('session/request_permission', {
        sessionId,
        toolCall: { toolCallId: 'p', title: 'rm' },
        options,
      });
      return update(sessionId, 'agent_message_chunk', chunk(`answer ${JSON.stringify(answer)}`));
    }
    case 'bad-permission': {
      const answer = await ask('session/request_permission', { options: 'none', toolCall: 7 });
      return update(sessionId, 'agent_message_chunk', chunk(`answer ${JSON.stringify(answer)}`));
    }
    case 'no-option': {
      const options = [{ optionId: 'no', kind: 'reject_once', name: 'n' }];
      const answer = await ask('session/request_permission', {
        sessionId,
        toolCall: { toolCallId: 'p', title: 'rm' },
        options,
      });
      return update(sessionId, 'agent_message_chunk', chunk(`answer ${JSON.stringify(answer)}`));
    }
    case 'ask-file': {
      const answer = await ask('fs/read_text_file', { sessionId, path: '/etc/passwd' });
      return update(sessionId, 'agent_message_chunk', chunk(`answer ${JSON.stringify(answer)}`));
    }
    case 'junk':
      process.stdout.write(
        'Starting up…\n{"jsonrpc":"2.0","method":\n[1,2]\n{}\n\n{"jsonrpc":"2.0","id":999,"result":{}}\n',
      );
      return say({ method: 'session/update', params: 'nothing' });
    case 'huge':
      return process.stdout.write(
        `{"jsonrpc":"2.0","method":"x","params":"${'x'.repeat(20 * 1024 * 1024)}"}\n`,
      );
    case 'hang':
      return new Promise(() => {});
    case 'hang-tool':
      startChild(false);
      update(sessionId, 'tool_call', {
        toolCallId: 'h',
        title: 'sleep',
        kind: 'execute',
        status: 'in_progress',
      });
      return new Promise((resolve) => {
        cancel = () => {
          for (const child of children) process.kill(-child.pid, 'SIGKILL');
          resolve('cancelled');
        };
      });
    case 'stubborn':
      process.on('SIGTERM', () => {});
      startChild(true);
      update(sessionId, 'agent_message_chunk', chunk('no'));
      return new Promise(() => {});
    case 'exit':
      process.stderr.write('it is all over\n');
      process.exit(Number(value));
      break;
    case 'die':
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => {});
  }
}

async function prompt(id, { sessionId, prompt: blocks }) {
  const result = { stopReason: 'end_turn' };
  for (const word of (can.always ?? blocks[0].text).split(';')) {
    const [name, value = ''] = word.split(/=(.*)/s);
    if (name === 'usage') {
      const n = Number(value);
      result.usage = {
        inputTokens: 100 * n,
        outputTokens: 10 * n,
        cachedReadTokens: 20 * n,
        totalTokens: 130 * n,
      };
    } else if (name === 'stop') result.stopReason = value;
    else if (name === 'no-stop') return say({ id, result: {} });
    else if (name === 'error') {
      const [code, message] = value.split(/:(.*)/s);
      return say({ id, error: { code: Number(code), message } });
    } else if ((await play(sessionId, word)) === 'cancelled') result.stopReason = 'cancelled';
  }
  say({ id, result });
}

const known = () => (store && existsSync(store) ? readFileSync(store, 'utf8').split('\n') : []);
const modes = {
  currentModeId: 'ask',
  availableModes: [
    { id: 'ask', name: 'Ask' },
    { id: 'https://x/modes#yolo', name: 'Yolo' },
  ],
};
const answers = {
  initialize: () => ({
    protocolVersion: can.version ?? 1,
    agentInfo: { name: can.name ?? 'test-agent', version: '1' },
    authMethods: [{ id: 'l', name: 'Log in with a smile' }],
    agentCapabilities: {
      loadSession: can.load === true,
      mcpCapabilities: { http: can.http === true },
      ...(can.resume === true ? { sessionCapabilities: { resume: {} } } : {}),
    },
  }),
  'session/new': () => {
    const sessionId = `s-${process.pid}-${Date.now()}`;
    if (store) appendFileSync(store, `${sessionId}\n`);
    return { sessionId, ...(can.modes === false ? {} : { modes }) };
  },
  'session/resume': ({ sessionId }) =>
    can.knowsAll === true || known().includes(sessionId) ? { modes } : undefined,
  'session/load': ({ sessionId }) => {
    if (!known().includes(sessionId)) return undefined;
    update(sessionId, 'user_message_chunk', chunk('old question'));
    update(sessionId, 'tool_call', { toolCallId: 'old', title: 'old', kind: 'edit', status: 'completed' });
    update(sessionId, 'agent_message_chunk', chunk('old answer'));
    // As Gemini does: some of it after the answer.
    setTimeout(
      () =>
        update(sessionId, 'tool_call', {
          toolCallId: 'older',
          title: 'older',
          kind: 'edit',
          status: 'completed',
        }),
      60,
    );
    return { modes };
  },
  'session/set_mode': () => ({}),
};

if (can.silentUntil === undefined) {
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      if (log) appendFileSync(log, `${line}\n`);
      const { id, method, params, result, error } = JSON.parse(line);
      if (method === undefined) {
        waiting.get(id)?.(result ?? { error });
        return;
      }
      if (method === 'session/cancel') return cancel();
      if (can.silent === method) return;
      if (can.refuses === method)
        return say({
          id,
          error: { code: can.code ?? -32000, message: can.message ?? 'Authentication required' },
        });
      if (can.exits === method) process.exit(3);
      if (method === 'session/prompt') return void prompt(id, params);
      const answer = answers[method]?.(params);
      if (answer === undefined)
        return say({
          id,
          error: { code: -32603, message: 'Internal error', data: { details: 'no session there' } },
        });
      say({ id, result: answer });
    })
    .on('close', () => {
      if (can.staysAfterEof !== true) process.exit(0);
    });
}
