// What each table shows of its rows.

import { ago, compact, countdown, dollars, duration, endings, words } from './format.ts';
import { part, setText, type Column, type TableOptions } from './table.ts';
import type { HistoryRun, Parked, Retrying, Running, Tokens } from './wire.ts';

interface Named {
  readonly issue_identifier: string;
  readonly title: string;
}

const issue: Column<Named> = {
  heading: 'Issue',
  kind: 'issue',
  show: (cell, { issue_identifier, title }) => {
    const link = part(cell, 'a', 'identifier');
    const href = `/api/v1/issues/${encodeURIComponent(issue_identifier)}`;
    if (link.getAttribute('href') !== href) link.setAttribute('href', href);
    setText(link, issue_identifier);
    setText(part(cell, 'span', 'title'), title);
  },
};

function text<T>(heading: string, read: (item: T, nowMs: number) => string): Column<T> {
  return { heading, kind: 'text', show: (cell, item, nowMs) => setText(cell, read(item, nowMs)) };
}

function number<T>(heading: string, read: (item: T, nowMs: number) => string): Column<T> {
  return { ...text(heading, read), kind: 'number' };
}

/** A word in a coloured frame; `tone` picks the colour, the word itself says everything. */
function badge<T>(
  heading: string,
  read: (item: T) => { label: string; tone: string; note: string },
): Column<T> {
  return {
    heading,
    kind: 'badge',
    show: (cell, item) => {
      const { label, tone, note } = read(item);
      const frame = part(cell, 'span', 'badge');
      setText(frame, label);
      if (frame.dataset['tone'] !== tone) frame.dataset['tone'] = tone;
      setText(part(cell, 'span', 'note'), note);
    },
  };
}

function tokens<T extends { readonly tokens: Tokens }>(): Column<T> {
  return {
    heading: 'Tokens',
    kind: 'number',
    show: (cell, item) => {
      const { total_tokens, input_tokens, output_tokens, cache_read_tokens } = item.tokens;
      setText(cell, compact(total_tokens));
      const hint = `${input_tokens} in, ${output_tokens} out, ${cache_read_tokens} read from cache`;
      if (cell.title !== hint) cell.title = hint;
    },
  };
}

const attemptNote = (attempt: number): string => (attempt === 0 ? '' : `attempt ${attempt}`);

export const runningTable: TableOptions<Running> = {
  caption: 'Running',
  empty: 'Nothing is running.',
  key: ({ issue_id }) => issue_id,
  columns: [
    issue,
    badge('Phase', ({ phase, attempt }) => ({
      label: words(phase),
      tone: phase === 'streaming_turn' ? 'live' : 'calm',
      note: attemptNote(attempt),
    })),
    number('Turn', ({ turn_count }) => String(turn_count)),
    number('Elapsed', ({ started_at }, nowMs) => duration(nowMs - Date.parse(started_at))),
    tokens(),
    {
      heading: 'Last message',
      kind: 'text',
      show: (cell, { last_message, tools }) => {
        setText(part(cell, 'span', 'message'), last_message);
        setText(part(cell, 'span', 'ends'), tools.length === 0 ? '' : `Running ${tools.join(', ')}`);
      },
    },
  ],
};

const triggers: Readonly<Record<string, string>> = {
  error: 'After an error',
  continuation: 'To go on',
  timer: 'Waiting for a slot',
  stall: 'After a stall',
};

export const retryingTable: TableOptions<Retrying> = {
  caption: 'Retrying',
  empty: 'Nothing waits for a retry.',
  key: ({ issue_id }) => issue_id,
  columns: [
    issue,
    badge('Why', ({ trigger, attempt }) => ({
      label: triggers[trigger] ?? words(trigger),
      tone: trigger === 'error' || trigger === 'stall' ? 'warn' : 'calm',
      note: attemptNote(attempt),
    })),
    number('Due', ({ due_at }, nowMs) => countdown(due_at, nowMs)),
    text('Error', ({ error }) => error ?? ''),
  ],
};

export const parkedTable: TableOptions<Parked> = {
  caption: 'Parked',
  empty: 'Nothing is parked.',
  key: ({ issue_id }) => issue_id,
  columns: [
    issue,
    badge('Reason', ({ reason }) => ({ label: words(reason), tone: 'warn', note: '' })),
    number('Since', ({ parked_at }, nowMs) => ago(parked_at, nowMs)),
    {
      heading: 'Detail',
      kind: 'text',
      show: (cell, entry, nowMs) => {
        setText(part(cell, 'span', 'reason'), entry.detail);
        setText(part(cell, 'span', 'ends'), `Goes on ${endings(entry, nowMs)}.`);
      },
    },
  ],
};

const tones: Readonly<Record<string, string>> = {
  succeeded: 'good',
  needs_human_review: 'good',
  cancelled: 'calm',
  interrupted: 'calm',
  blocked: 'warn',
};

export const historyTable: TableOptions<HistoryRun> = {
  caption: 'Recent runs',
  empty: 'No run has ended yet.',
  key: ({ run_id }) => run_id,
  columns: [
    {
      ...issue,
      show: (cell, run, nowMs) => {
        issue.show(cell, run, nowMs);
        setText(part(cell, 'span', 'ends'), run.error ?? run.evidence ?? '');
      },
    },
    badge('Result', ({ status, attempt }) => ({
      label: words(status ?? 'running'),
      tone: tones[status ?? ''] ?? 'bad',
      note: attemptNote(attempt),
    })),
    number('Turns', ({ turns_completed }) => String(turns_completed)),
    number('Took', ({ started_at, completed_at }, nowMs) =>
      duration((completed_at === null ? nowMs : Date.parse(completed_at)) - Date.parse(started_at)),
    ),
    tokens(),
    number('Cost', ({ cost_usd, cost_estimated }) =>
      cost_usd === null ? '–' : `${cost_estimated ? '≈ ' : ''}${dollars(cost_usd)}`,
    ),
    number('Ended', ({ completed_at }, nowMs) => (completed_at === null ? '–' : ago(completed_at, nowMs))),
  ],
};
