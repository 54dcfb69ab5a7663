// `sortie logs KEY`: what the agent of an issue said, line by line as it said it, of its newest run or of a named one;
// with `--follow` as it comes, over lost connections, until the run has ended.

import { ClientError, mayPass } from './client/client-error.ts';
import type { DaemonClient } from './client/daemon-client.ts';
import { clientCommand, type ClientFlags } from './client/flags.ts';
import { pause, RECONNECT_MS } from './client/live-state.ts';
import { runClient } from './client/run-client.ts';
import { serverEvents } from './client/server-events.ts';
import { untilStopped } from './client/until-stopped.ts';
import { jsonText, messageOf, oneField } from './command-line.ts';
import { isLiveRun, newestRun } from './logs-run.ts';
import { sayOnce } from './say-once.ts';

interface LogsFlags extends ClientFlags {
  readonly follow?: true;
  readonly run?: string;
  readonly stderr?: true;
}

/** One line of a transcript. */
interface Line {
  readonly seq: number;
  readonly at: string;
  readonly turn: number;
  readonly stream: string;
  readonly line: string;
}

/** What the lines come from. */
interface Source {
  readonly client: DaemonClient;
  /** null = not asked for by its issue. */
  readonly key: string | null;
  readonly runId: string;
}

export async function main(args: readonly string[]): Promise<number> {
  const command = describeLogs();
  return runClient<LogsFlags>(command, args, async (client, flags) => {
    const key = (command.processedArgs[0] as string | undefined) ?? null;
    if (key === null && flags.run === undefined) throw new Error('args: name an issue, or a run with --run');
    const runId = flags.run ?? (await newestRun(client, key ?? ''));
    const print = async (line: Line): Promise<void> => {
      if (flags.stderr === true && line.stream !== 'stderr') return;
      await write(`${flags.json === true ? jsonText(line, 0) : textOf(line)}\n`);
    };
    const source = { client, key, runId };
    return untilStopped(async (stopped) => {
      if (flags.follow === true) await follow(source, print, stopped);
      else for await (const line of keptLines(source, stopped)) await print(line);
      return 0;
    });
  });
}

export function describeLogs() {
  return clientCommand('logs', 'Prints what the agent of an issue said and was told, line by line.')
    .argument('[issue]', 'its identifier, e.g. SHOP-42; not needed with --run')
    .option('-f, --follow', 'go on with what comes, until the run has ended')
    .option('--run <id>', 'of this run; its newest one otherwise')
    .option('--stderr', 'only what it wrote to stderr');
}

async function* keptLines({ client, runId }: Source, stopped: AbortSignal): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of await client.stream(
    `${pathOf(runId)}?follow=false`,
    'application/x-ndjson',
    stopped,
  )) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Line;
  }
}

/** A run that has said nothing yet is waited for; anything else that fails at first is an error. */
async function follow(
  source: Source,
  print: (line: Line) => Promise<void>,
  stopped: AbortSignal,
): Promise<void> {
  const { client, runId } = source;
  const onConnection = sayOnce();
  let after = 0;
  let isKnown = false;
  while (!stopped.aborted) {
    try {
      const path = `${pathOf(runId)}?after=${after}&follow=true`;
      const bytes = await client.stream(path, 'text/event-stream', stopped);
      isKnown = true;
      onConnection('');
      for await (const { event, data } of serverEvents(bytes)) {
        if (event === 'end') return;
        if (event !== 'line') continue;
        const line = JSON.parse(data) as Line;
        after = line.seq;
        await print(line);
      }
      onConnection('the daemon closed it');
    } catch (error) {
      if (stopped.aborted) return;
      const isSilent = error instanceof ClientError && error.code === 'run_not_found';
      if (isSilent && (await isLiveRun(source))) onConnection('');
      else if (!isKnown || !mayPass(error)) throw error;
      else onConnection(messageOf(error));
    }
    await pause(RECONNECT_MS, stopped);
  }
}

function pathOf(runId: string): string {
  return `/api/v1/runs/${encodeURIComponent(runId)}/transcript`;
}

/** A prompt has many lines; those after its first stand below it. */
function textOf({ at, turn, stream, line }: Line): string {
  const head = oneField(`${at.slice(11, 19)} ${turn} ${stream.padEnd(6)} `);
  const [first = '', ...rest] = line.trimEnd().split('\n');
  const below = rest.map((one) => `\n${' '.repeat(head.length)}${oneField(one)}`.trimEnd() || '\n');
  return `${head}${oneField(first)}${below.join('')}`;
}

/** A reader that is slower than the daemon is waited for. */
async function write(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout.write(text) || stdout.destroyed) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      stdout.off('drain', settle).off('close', settle).off('error', settle);
      resolve();
    };
    stdout.once('drain', settle).once('close', settle).once('error', settle);
  });
}
