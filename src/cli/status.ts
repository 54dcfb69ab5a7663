// `sortie status`: what runs, waits and is parked, once or (`--watch`) redrawn in place as the daemon's stream changes.

import { clientCommand, type ClientFlags } from './client/flags.ts';
import type { DaemonClient } from './client/daemon-client.ts';
import { endOnSignal, printJson, runClient } from './client/run-client.ts';
import { serverEvents } from './client/server-events.ts';
import { statusText, type Status } from './status-text.ts';
import { messageOf, oneField } from './command-line.ts';

interface StatusFlags extends ClientFlags {
  readonly watch?: true;
}

/** Countdowns and ages go on between two changes. */
const REDRAW_MS = 1_000;
const RECONNECT_MS = 2_000;

export async function main(args: readonly string[]): Promise<number> {
  return runClient<StatusFlags>(describeStatus(), args, async (client, flags) => {
    if (flags.watch === true) return watch(client, flags.json === true);
    const state = await client.get<Status>('/api/v1/state');
    if (flags.json === true) printJson(state);
    else process.stdout.write(statusText(state, Date.now()));
    return 0;
  });
}

export function describeStatus() {
  return clientCommand('status', 'Says what runs, waits and is parked.').option(
    '-w, --watch',
    'redraw in place whenever something changes, until Ctrl-C; with --json one object a line',
  );
}

async function watch(client: DaemonClient, asJson: boolean): Promise<number> {
  // What never changes has no line that could be drawn: the first answer must come.
  let state = await client.get<Status>('/api/v1/state');
  const ended = endOnSignal();
  if (asJson) {
    for await (const next of states(client, ended, () => undefined)) print(JSON.stringify(next));
    return 0;
  }
  const { createLogUpdate } = await import('log-update');
  const draw = createLogUpdate(process.stdout, { showCursor: false });
  let lost = '';
  const redraw = (): void => {
    const rows = process.stdout.rows ?? Infinity;
    const lines = `${statusText(state, Date.now())}${lost}`.trimEnd().split('\n');
    // What is taller than the terminal cannot be redrawn in place.
    const shown =
      lines.length < rows ? lines : [...lines.slice(0, rows - 2), `… ${lines.length - rows + 2} more lines`];
    draw(shown.join('\n'));
  };
  const timer = setInterval(redraw, REDRAW_MS);
  try {
    redraw();
    const onLost = (why: string): void => {
      lost = why === '' ? '' : `\nno connection: ${oneField(why)}; trying again\n`;
      redraw();
    };
    for await (const next of states(client, ended, onLost)) {
      state = next;
      redraw();
    }
  } finally {
    clearInterval(timer);
    draw.done();
  }
  return 0;
}

/** Over lost connections, until the signal. */
async function* states(
  client: DaemonClient,
  signal: AbortSignal,
  onLost: (why: string) => void,
): AsyncGenerator<Status> {
  while (!signal.aborted) {
    try {
      const bytes = await client.stream('/api/v1/events', 'text/event-stream', signal);
      for await (const { event, data } of serverEvents(bytes)) {
        if (event !== 'state') continue;
        onLost('');
        yield JSON.parse(data) as Status;
      }
      onLost('the daemon closed it');
    } catch (error) {
      if (signal.aborted) return;
      onLost(messageOf(error));
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, RECONNECT_MS);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
