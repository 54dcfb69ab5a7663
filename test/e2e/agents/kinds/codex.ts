// Codex through its app-server: the recorded parts of several conversations, put together under one thread's name.
import type { Scene } from '../kind.ts';
import { linesOf } from './cli-kind.ts';
import { protocolKind } from './protocol-kind.ts';
import type { Part } from './protocol-kind.ts';

const THREAD = '01a2005d-6a16-7fc3-b8bb-cf8c706c77fb';
/** Of the recording in which a thread is resumed. What it had used before is told again there, and left out here. */
const OTHER_THREAD = /01a20198-7ec3-7f61-9c22-108bf3b825a6/gu;

const TURN = '01a2005d-6cb1-75d3-8aba-39915a1d3ce8';
/** The one that works, under the name of the one that is interrupted. */
const OTHER_TURN = /01a2005d-6a49-7bc3-ada6-5ce13f6b6c4d/gu;

/** One request and what was said to it, in lines of a dialogue. */
function take(recording: string, method: string, marker = ''): string[] {
  const file = `test/fixtures/agents/codex/${recording}.jsonl`;
  const lines = linesOf(file);
  const isAsked = (line: string): boolean => line.startsWith('{"dir":"client->agent"');
  const from = lines.findIndex(
    (line) => isAsked(line) && line.includes(`"method":"${method}"`) && line.includes(marker),
  );
  if (from < 0) throw new Error(`${file} has no ${method} ${marker}`);
  const rest = lines.slice(from + 1);
  const count = rest.findIndex(isAsked);
  return [lines[from] ?? '', ...rest.slice(0, count < 0 ? rest.length : count)]
    .filter((line) => method !== 'thread/resume' || !line.includes('/tokenUsage/'))
    .map((line) =>
      line
        // The fake chooses by such marks, and the daemon's prompts have none.
        .replace(/\[\[[^\]]*\]\]/gu, '')
        .replace(/"threadId":"[^"]*"/gu, `"threadId":"${THREAD}"`)
        .replace(OTHER_THREAD, THREAD),
    );
}

function partOf(name: Scene): Part {
  switch (name) {
    case 'works':
    case 'idles':
      return { lines: take('appserver', 'turn/start', '[[scenario:tool]]') };
    case 'goes on':
      return { lines: take('resume', 'turn/start') };
    case 'works, then hangs': {
      const lines = take('appserver', 'turn/start', '[[scenario:tool]]');
      // The interrupt of the recording is that of another turn.
      const told = lines.findIndex((line) => line.includes('/tokenUsage/'));
      return {
        lines: lines.map((line) => line.replace(OTHER_TURN, TURN)),
        trouble: { kind: 'hang', method: 'turn/start', afterLine: told },
      };
    }
    case 'unauthorized':
      return { lines: take('failures', 'turn/start', '[[status 401]]') };
    case 'limited':
      return { lines: take('failures', 'turn/start', '[[usage-limit]]') };
    case 'broken':
      return { lines: take('failures', 'turn/start', '[[status 500]]') };
    case 'knows no session':
      return {
        lines: [],
        trouble: {
          kind: 'error',
          method: 'thread/resume',
          error: { code: -32600, message: `no rollout found for thread id ${THREAD}` },
        },
      };
    case 'turn limit':
      throw new Error('Codex has no limit of turns');
    case 'hangs in stream':
    case 'hangs in tool': {
      const lines = take('appserver', 'turn/start', '[[scenario:slowtool 100]]');
      const inTool = lines.findIndex((line) => line.includes('"type":"commandExecution"'));
      const withTool = name === 'hangs in tool';
      // The lines without the request itself; with the tool's start, or without.
      const afterLine = withTool ? inTool : inTool - 1;
      return { lines, trouble: { kind: 'hang', method: 'turn/start', afterLine, withTool } };
    }
  }
}

const CALLS: Readonly<Partial<Record<Scene, number>>> = {
  works: 2,
  idles: 2,
  'goes on': 1,
  'works, then hangs': 1,
  // Told only when the thread is resumed.
  'hangs in tool': 1,
};
/** After these the process lives on. */
const ENDS_WELL: readonly (Scene | undefined)[] = ['works', 'idles', 'goes on', 'knows no session'];

function usage(calls: number): object {
  return {
    totalTokens: 130 * calls,
    inputTokens: 120 * calls,
    cachedInputTokens: 20 * calls,
    cacheWriteInputTokens: 0,
    outputTokens: 10 * calls,
    reasoningOutputTokens: 3 * calls,
  };
}

/** The recorded parts with the totals of this thread, which also are told again when it is resumed. */
function scene(name: Scene, before: readonly Scene[]): Part {
  const since = before.slice(before.lastIndexOf('knows no session') + 1);
  const used = since.reduce((sum, one) => sum + (CALLS[one] ?? 0), 0);
  const part = partOf(name);
  let total = used;
  const lines = part.lines.map((line) => {
    if (!line.includes('/tokenUsage/')) return line;
    total += 1;
    const message = JSON.parse(line) as { params: { tokenUsage: object } };
    message.params.tokenUsage = { total: usage(total), last: usage(1), modelContextWindow: null };
    return JSON.stringify(message);
  });
  if (before.length === 0 || name === 'knows no session' || ENDS_WELL.includes(before.at(-1))) {
    return { ...part, lines };
  }
  const again = { threadId: THREAD, turnId: TURN, tokenUsage: { total: usage(used), last: usage(1) } };
  const told = JSON.stringify({ method: 'thread/tokenUsage/updated', params: again });
  return { ...part, lines: [...take('resume', 'thread/resume'), ...(used > 0 ? [told] : []), ...lines] };
}

export const codex = protocolKind({
  kind: 'codex',
  program: 'codex',
  env: { OPENAI_API_KEY: 'sk-e2e-0123456789' },
  usage: 'live',
  hasTurnLimit: false,
  saysReset: true,
  callsBeforeTool: 0,
  callsReportedLater: 1,
  opening: [
    ...take('resume', 'initialize'),
    ...take('resume', 'initialized'),
    ...take('resume', 'account/read'),
    ...take('appserver', 'thread/start'),
    ...take('appserver', 'turn/interrupt').filter((line) => !line.includes('/tokenUsage/')),
  ],
  spoken: 'FAKE done after tool',
  scene,
  methods: { turn: 'turn/start', resume: 'thread/resume', begin: 'thread/start', stop: 'turn/interrupt' },
  promptOf: ({ params }) => (params as { input: { text: string }[] }).input[0]?.text ?? '',
  sessionOf: ({ params }) => (params as { threadId: string }).threadId,
});
