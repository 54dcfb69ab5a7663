// `sortie status --watch`: in place on a terminal, one picture below the other into a file or a pipe, one object a line
// with `--json`. Ctrl-C is how it ends, so that is no failure.

import { constants } from 'node:os';
import { createLogUpdate } from 'log-update';
import type { DaemonClient } from './client/daemon-client.ts';
import { liveStates } from './client/live-state.ts';
import { untilStopped } from './client/until-stopped.ts';
import { jsonText, oneField } from './command-line.ts';
import { sayOnce } from './say-once.ts';
import { statusText, type Status } from './status-text.ts';
import { cut } from './table.ts';

/** Countdowns and ages go on between two changes. */
const REDRAW_MS = 1_000;

export async function watchStatus(client: DaemonClient, first: Status, asJson: boolean): Promise<number> {
  const show = asJson ? showLines : process.stdout.isTTY ? showInPlace : showPictures;
  const code = await untilStopped(async (stopped) => {
    await show(first, (onConnection) => liveStates<Status>(client, stopped, onConnection));
    return 0;
  });
  return code === 128 + constants.signals.SIGINT ? 0 : code;
}

/** `states` begins with the newest: `first` is for what is drawn before it comes. */
type Show = (
  first: Status,
  states: (onConnection: (trouble: string) => void) => AsyncIterable<Status>,
) => Promise<void>;

const showLines: Show = async (_first, states) => {
  for await (const state of states(sayOnce())) process.stdout.write(`${jsonText(state, 0)}\n`);
};

const showPictures: Show = async (_first, states) => {
  for await (const state of states(sayOnce())) {
    process.stdout.write(`${statusText(state, Date.now())}\n`);
  }
};

const showInPlace: Show = async (first, states) => {
  const { stdout } = process;
  const update = createLogUpdate(stdout, { showCursor: false });
  let state = first;
  let trouble = '';
  const redraw = (): void => {
    const { rows = Infinity, columns = Infinity } = stdout;
    const lost = trouble === '' ? '' : `! no connection: ${oneField(trouble)}; trying again\n`;
    update(picture(`${lost}${statusText(state, Date.now(), columns)}`, { rows, columns }));
  };
  // A narrower terminal has wrapped what is there: its lines cannot be counted any more.
  const onResize = (): void => {
    update.clear();
    redraw();
  };
  const timer = setInterval(redraw, REDRAW_MS);
  stdout.on('resize', onResize);
  try {
    redraw();
    const onConnection = (why: string): void => {
      trouble = why;
      redraw();
    };
    for await (const next of states(onConnection)) {
      state = next;
      redraw();
    }
  } finally {
    clearInterval(timer);
    stdout.off('resize', onResize);
    update.done();
  }
};

/** What is taller or wider than the terminal cannot be redrawn in place. */
export function picture(
  text: string,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): string {
  const lines = text.trimEnd().split('\n');
  // One line is the cursor's.
  const room = Math.max(1, rows - 1);
  const hidden = lines.length - room + 1;
  const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${hidden} more lines`];
  return shown.map((line) => cut(line, columns)).join('\n');
}
