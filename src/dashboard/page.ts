// The page for people: what the daemon does now and did lately, live. Small on purpose and without a
// framework. It only reads, apart from the one button that asks for a tick; it decides nothing and stores
// nothing. Ages and countdowns run by the daemon's clock, so a browser with a wrong one shows them right.

import { historyTable, parkedTable, retryingTable, runningTable } from './columns.ts';
import { ago, compact, dollars, duration, pauseLine } from './format.ts';
import { askForRefresh, followState, readHistory, readVersion, type Connection } from './live.ts';
import { createTable, element, setText } from './table.ts';
import type { HistoryRun, State } from './wire.ts';

const running = createTable(byId('running'), runningTable);
const retrying = createTable(byId('retrying'), retryingTable);
const parked = createTable(byId('parked'), parkedTable);
const history = createTable(byId('history'), historyTable);

let state: State | null = null;
/** null until they were read once: nothing is claimed before that. */
let runs: readonly HistoryRun[] | null = null;
let connection: Connection = 'waiting';
/** The browser's clock minus the daemon's. */
let clockOffsetMs = 0;

function show(): void {
  const nowMs = Date.now() - clockOffsetMs;
  showConnection();
  if (runs !== null) history.show(runs, nowMs);
  if (state === null) return;
  running.show(state.running, nowMs);
  retrying.show(state.retrying, nowMs);
  parked.show(state.parked, nowMs);
  showFigures(state, nowMs);
  showNotices(noticesOf(state, nowMs));
  const { counts } = state;
  const summary = `${counts.running} running, ${counts.retrying} retrying, ${counts.parked} parked`;
  setText(byId('announcement'), summary);
  const title = counts.running === 0 ? 'Sortie' : `${counts.running} running · Sortie`;
  if (document.title !== title) document.title = title;
}

function showConnection(): void {
  const words = { waiting: 'Connecting…', live: 'Live', lost: 'Connection lost, trying again…' };
  const modes = { recovering: 'Recovering', running: words.live, draining: 'Shutting down' };
  const target = byId('connection');
  const mode = connection === 'live' && state !== null ? state.mode : 'running';
  target.dataset['state'] = mode === 'running' ? connection : 'waiting';
  setText(target, mode === 'running' ? words[connection] : modes[mode]);
  document.body.classList.toggle('stale', connection === 'lost');
}

function showFigures(
  { slots, counts, agent_totals, active_estimated_cost_usd, last_tick }: State,
  nowMs: number,
): void {
  setText(byId('slots'), `${slots.used} of ${slots.limit}`);
  const meter = byId('slots-meter') as HTMLMeterElement;
  meter.max = Math.max(1, slots.limit);
  meter.value = slots.used;
  setText(byId('count-retrying'), String(counts.retrying));
  setText(byId('count-parked'), String(counts.parked));
  setText(byId('tokens'), compact(agent_totals.total_tokens));
  setText(
    byId('tokens-detail'),
    `${compact(agent_totals.input_tokens)} in, ${compact(agent_totals.output_tokens)} out`,
  );
  setText(byId('agent-time'), duration(agent_totals.seconds_running * 1000));
  const cost = active_estimated_cost_usd;
  setText(byId('cost'), cost === null ? '' : `≈ ${dollars(cost)} running now`);
  setText(byId('tick'), last_tick === null ? '–' : ago(last_tick.at, nowMs));
  const results: Readonly<Record<string, string>> = { success: 'all well', error: 'failed' };
  setText(byId('tick-detail'), last_tick === null ? '' : (results[last_tick.result] ?? last_tick.result));
}

interface Notice {
  readonly tone: 'bad' | 'warn';
  readonly text: string;
}

function noticesOf({ reload_error, preflight_problems, last_tick, pauses }: State, nowMs: number): Notice[] {
  const notices: Notice[] = pauses.map((pause) => ({
    tone: pause.reason === 'agent_error' ? 'bad' : 'warn',
    text: pauseLine(pause, nowMs),
  }));
  if (reload_error !== null) {
    const text = `WORKFLOW.md was not reloaded, the last good settings stay: ${reload_error}`;
    notices.push({ tone: 'warn', text });
  }
  for (const problem of preflight_problems) {
    notices.push({ tone: 'bad', text: `Nothing new is started: ${problem}` });
  }
  const tickError = last_tick?.result === 'success' ? null : last_tick?.error;
  if (tickError != null && preflight_problems.length === 0) {
    notices.push({ tone: 'bad', text: `The last tick failed: ${tickError}` });
  }
  return notices;
}

let shownNotices = '';

function showNotices(notices: readonly Notice[]): void {
  const fingerprint = JSON.stringify(notices);
  if (fingerprint === shownNotices) return;
  shownNotices = fingerprint;
  byId('notices').replaceChildren(
    ...notices.map(({ tone, text }) => {
      const line = element('p', 'notice');
      line.dataset['tone'] = tone;
      line.textContent = text;
      return line;
    }),
  );
}

/** Runs that were there before and are not any more have ended: only then is the history worth a look. */
function somethingEnded(before: State | null, after: State): boolean {
  if (before === null) return true;
  const still = new Set(after.running.map(({ run_id }) => run_id));
  return before.running.some(({ run_id }) => run_id !== null && !still.has(run_id));
}

async function showHistory(): Promise<void> {
  const read = await readHistory();
  if (read === null) return;
  runs = read;
  show();
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found;
}

followState({
  onState: (next) => {
    const ended = somethingEnded(state, next);
    state = next;
    clockOffsetMs = Date.now() - Date.parse(next.generated_at);
    show();
    if (ended) void showHistory();
  },
  onConnection: (next) => {
    connection = next;
    show();
  },
});

byId('refresh').addEventListener('click', () => {
  const button = byId('refresh') as HTMLButtonElement;
  button.disabled = true;
  void askForRefresh().then((accepted) => {
    setText(button, accepted ? 'Checking…' : 'Not possible now');
    setTimeout(() => {
      button.disabled = false;
      setText(button, 'Check now');
    }, 2_000);
  });
});

void readVersion().then((version) =>
  setText(byId('version'), version === '' ? 'Sortie' : `Sortie ${version}`),
);
setInterval(show, 1_000);
show();
