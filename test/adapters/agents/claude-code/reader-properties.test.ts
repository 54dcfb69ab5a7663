// The reader under any input: junk never makes it throw, and what a session used is counted once, however its turns are
// cut, killed, repeated and resumed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newReader, readTurn, recordedLines, spent } from './recorded.ts';

const NAMES = ['success', 'partial-tool', 'subagent', 'background-task', 'usage-limit', 'dontask', 'budget'];

/** JSON of any shape, with the words of the protocol in it. */
const words = fc.constantFrom(
  ...[
    'type',
    'subtype',
    'message',
    'content',
    'usage',
    'result',
    'system',
    'assistant',
    'user',
    'stream_event',
  ],
  ...['event', 'message_start', 'message_delta', 'init', 'tool_use', 'tool_result', 'id', 'tasks', 'uuid'],
  ...['input_tokens', 'modelUsage', 'model_usage_since_last_result', 'costUSD', '__proto__', 'constructor'],
  ...['rate_limit_event', 'rate_limit_info', 'resetsAt', 'utilization', 'mcp_servers', 'permission_denials'],
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    words,
    fc.double(),
    fc.constant(null),
    fc.boolean(),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(words, tie('json'), { maxKeys: 6 }),
  ),
}));

it('never throws, and reports no figure that is none', () => {
  const junk = fc.oneof(
    fc.string(),
    json.map((value) => JSON.stringify(value)),
    fc
      .record({ type: words, subtype: words, message: json, event: json, usage: json, modelUsage: json })
      .map((v) => JSON.stringify(v)),
    fc
      .constantFrom(...NAMES.flatMap(recordedLines))
      .chain((line) => fc.nat(line.length).map((length) => line.slice(0, length))),
  );
  fc.assert(
    fc.property(fc.array(junk, { maxLength: 30 }), fc.integer({ min: -1, max: 255 }), (lines, exitCode) => {
      const { events } = readTurn(lines, { end: { exitCode, stderrText: lines.join('\n') } });
      for (const event of events) {
        if (event.kind !== 'token_usage') continue;
        const figures = [event.inputTokens, event.outputTokens, event.cacheReadTokens, event.costUsd ?? 0];
        expect(figures.every((figure) => Number.isFinite(figure) && figure >= 0)).toBe(true);
        expect(figures.slice(0, 3).every((figure) => Number.isInteger(figure))).toBe(true);
      }
    }),
  );
});

it('counts a line that comes twice once', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.infiniteStream(fc.boolean()), (name, twice) => {
      const lines = recordedLines(name);
      const doubled = lines.flatMap((line) => (twice.next().value === true ? [line, line] : [line]));
      expect(spent(readTurn(doubled).events)).toEqual(spent(readTurn(lines).events));
      const results = readTurn(doubled).events.filter(({ kind }) => kind === 'tool_result');
      expect(results).toHaveLength(
        readTurn(lines).events.filter(({ kind }) => kind === 'tool_result').length,
      );
    }),
  );
});

interface Call {
  readonly input: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
  readonly output: number;
  /** A subagent's: not streamed, and not in `usage`. */
  readonly isHidden: boolean;
}
interface Turn {
  readonly calls: readonly Call[];
  /** The process was killed: no result, and calls of subagents are known to nobody. */
  readonly isKilled: boolean;
  /** A new process of the daemon: a new reader, which knows what was used before. */
  readonly isResumed: boolean;
}

/** The CLI's accounts: figures as 2.1.330 and as 2.1.197 print them. */
function play(turns: readonly Turn[], version: 'new' | 'old'): { lines: string[][]; truth: number[] } {
  const kept = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 };
  const truth = [0, 0, 0, 0];
  let number = 0;
  const lines = turns.map(({ calls, isKilled }) => {
    const own = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 };
    const turn = calls.flatMap((call) => {
      number += 1;
      const counts = !isKilled || !call.isHidden;
      const id = `msg_${number}`;
      if (counts) {
        own.input += call.input;
        own.output += call.output;
        own.cacheRead += call.cacheRead;
        own.cacheWrite += call.cacheWrite;
        own.usd += call.output;
      }
      if (call.isHidden) return [];
      const usage = {
        input_tokens: call.input,
        cache_creation_input_tokens: call.cacheWrite,
        cache_read_input_tokens: call.cacheRead,
      };
      const first = Math.min(1, call.output);
      return [
        {
          type: 'stream_event',
          event: { type: 'message_start', message: { id, usage: { ...usage, output_tokens: first } } },
        },
        { type: 'stream_event', event: { type: 'message_delta', usage: { output_tokens: call.output } } },
      ];
    });
    truth[0] = (truth[0] ?? 0) + own.input + own.cacheWrite;
    truth[1] = (truth[1] ?? 0) + own.output;
    truth[2] = (truth[2] ?? 0) + own.cacheRead;
    if (isKilled) return turn.map((line) => JSON.stringify(line));
    truth[3] = (truth[3] ?? 0) + own.usd;
    for (const key of Object.keys(kept) as (keyof typeof kept)[]) kept[key] += own[key];
    const models = ({ input, output, cacheRead, cacheWrite, usd }: typeof kept): object => ({
      m: {
        inputTokens: input,
        outputTokens: output,
        cacheReadInputTokens: cacheRead,
        cacheCreationInputTokens: cacheWrite,
        costUSD: usd,
      },
    });
    const accounts =
      version === 'new'
        ? { modelUsage: models(kept), total_cost_usd: kept.usd, model_usage_since_last_result: models(own) }
        : { modelUsage: models(own), total_cost_usd: own.usd };
    const end = {
      type: 'result',
      subtype: 'success',
      is_error: false,
      uuid: `r${number}-${turns.length}`,
      ...accounts,
    };
    return [...turn, end].map((line) => JSON.stringify(line));
  });
  return { lines, truth };
}

it('sums to the truth over any turns, kills and resumes', () => {
  const figure = fc.nat(100_000);
  const calls = fc.array(
    fc.record({
      input: figure,
      cacheWrite: figure,
      cacheRead: figure,
      output: figure,
      isHidden: fc.boolean(),
    }),
    { maxLength: 5 },
  );
  const turns = fc.array(fc.record({ calls, isKilled: fc.boolean(), isResumed: fc.boolean() }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(turns, (given) => {
      const { lines, truth } = play(given, 'new');
      const total = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 };
      let reader = newReader();
      given.forEach(({ isResumed }, index) => {
        if (isResumed) reader = newReader({ ...total });
        const more = spent(readTurn(lines[index] ?? [], { reader }).events);
        for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += more[key];
      });
      expect(Object.values(total)).toEqual(truth);
    }),
  );
});

it('counts each turn of an older version, whose totals begin anew with each process', () => {
  const call: Call = { input: 500, cacheWrite: 30, cacheRead: 20, output: 40, isHidden: false };
  const given: Turn[] = [900, 400, 400].map((input) => ({
    calls: [{ ...call, input }],
    isKilled: false,
    isResumed: true,
  }));
  const { lines, truth } = play(given, 'old');
  const total = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 };
  for (const turn of lines) {
    const more = spent(readTurn(turn, { reader: newReader({ ...total }) }).events);
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += more[key];
  }
  expect(Object.values(total)).toEqual(truth);
});
