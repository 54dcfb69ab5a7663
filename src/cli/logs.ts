// `sortie logs KEY`: what the agent of an issue said, raw and line by line, of its newest run or of a named one; with
// `--follow` as it comes, over lost connections, until the run has ended.

import { clientCommand, type ClientFlags } from './client/flags.ts';
import { ClientError, type DaemonClient } from './client/daemon-client.ts';
import { endOnSignal, runClient } from './client/run-client.ts';
import { serverEvents } from './client/server-events.ts';
import { messageOf, oneField } from './command-line.ts';

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

const RECONNECT_MS = 2_000;

export async function main(args: readonly string[]): Promise<number> {
  const command = describeLogs();
  return runClient<LogsFlags>(command, args, async (client, flags) => {
    const runId = flags.run ?? (await newestRun(client, command.processedArgs[0] as string));
    const print = (line: Line): void => {
      if (flags.stderr === true && line.stream !== 'stderr') return;
      const text = flags.json === true ? JSON.stringify(line) : textOf(line);
      process.stdout.write(`${text}\n`);
    };
    const path = `/api/v1/runs/${encodeURIComponent(runId)}/transcript`;
    if (flags.follow === true) await follow(client, path, print);
    else for await (const line of linesOf(client, `${path}?follow=false`)) print(line);
    return 0;
  });
}

export function describeLogs() {
  return clientCommand('logs', 'Prints what the agent of an issue said, raw.')
    .argument('<issue>', 'its identifier, e.g. SHOP-42')
    .option('-f, --follow', 'go on with what comes, until the run has ended')
    .option('--run <id>', 'of this run; its newest one otherwise')
    .option('--stderr', 'only what it wrote to stderr');
}

async function newestRun(client: DaemonClient, key: string): Promise<string> {
  const issue = await client
    .get<{ running: { run_id: string | null } | null }>(`/api/v1/issues/${encodeURIComponent(key)}`)
    .catch((error: unknown) => {
      // The history may know what the state has forgotten.
      if (error instanceof ClientError && error.code === 'issue_not_found') return { running: null };
      throw error;
    });
  if (issue.running?.run_id != null) return issue.running.run_id;
  const query = new URLSearchParams({ identifier: key, limit: '1' });
  const { runs } = await client.get<{ runs: { run_id: string }[] }>(`/api/v1/history?${query.toString()}`);
  const [newest] = runs;
  if (newest === undefined) {
    throw new Error(
      `${JSON.stringify(key)} has had no run here: \`sortie explain\` says why it does not run`,
    );
  }
  return newest.run_id;
}

async function* linesOf(client: DaemonClient, path: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of await client.stream(path, 'application/x-ndjson', endOnSignal())) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Line;
  }
}

async function follow(client: DaemonClient, path: string, print: (line: Line) => void): Promise<void> {
  const ended = endOnSignal();
  let after = 0;
  while (!ended.aborted) {
    try {
      const bytes = await client.stream(`${path}?after=${after}&follow=true`, 'text/event-stream', ended);
      for await (const { event, data } of serverEvents(bytes)) {
        if (event === 'end') return;
        if (event !== 'line') continue;
        const line = JSON.parse(data) as Line;
        after = line.seq;
        print(line);
      }
    } catch (error) {
      if (ended.aborted) return;
      // An answer that refuses will refuse again.
      if (error instanceof ClientError && error.code !== '') throw error;
      process.stderr.write(`no connection: ${oneField(messageOf(error))}; trying again\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

function textOf({ at, turn, stream, line }: Line): string {
  return `${at.slice(11, 19)} ${turn} ${stream} ${oneField(line)}`;
}
