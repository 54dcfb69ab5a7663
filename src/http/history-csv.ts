// Ended runs as CSV, a page of the store at a time: what a spreadsheet opens. A cell that begins with what a
// spreadsheet would run as a formula gets a `'` in front, because titles and errors are other people's text.

import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { HistoryQuery } from '../contract/store.ts';
import type { HistoryRow } from './past-schemas.ts';
import { redactAnswer, type Redact } from './redact-answer.ts';
import type { HttpStore } from './route-source.ts';
import { toHistoryRow } from './wire.ts';

const PAGE = 500;

type Cell = string | number | boolean | null;

/** In this order; new ones go to the end. */
const columns: Readonly<Record<string, (row: HistoryRow) => Cell>> = {
  run_id: (row) => row.run_id,
  issue_id: (row) => row.issue_id,
  issue_identifier: (row) => row.issue_identifier,
  title: (row) => row.title,
  issue_state: (row) => row.issue_state,
  labels: (row) => row.labels.join(' '),
  issue_url: (row) => row.issue_url,
  attempt: (row) => row.attempt,
  status: (row) => row.status,
  error: (row) => row.error,
  evidence: (row) => row.evidence,
  agent_kind: (row) => row.agent_kind,
  session_id: (row) => row.session_id,
  workspace_path: (row) => row.workspace_path,
  started_at: (row) => row.started_at,
  completed_at: (row) => row.completed_at,
  seconds_running: (row) => row.seconds_running,
  turns_completed: (row) => row.turns_completed,
  input_tokens: (row) => row.tokens.input_tokens,
  output_tokens: (row) => row.tokens.output_tokens,
  total_tokens: (row) => row.tokens.total_tokens,
  cache_read_tokens: (row) => row.tokens.cache_read_tokens,
  cost_usd: (row) => row.cost_usd,
  cost_estimated: (row) => row.cost_estimated,
};

/** The first page is read before it resolves, so that a failing store is an error answer and not half a file. */
export async function csvOf(
  store: HttpStore,
  filters: Omit<HistoryQuery, 'limit' | 'cursor'>,
  redact: Redact,
): Promise<Readable> {
  const first = await store.history({ ...filters, limit: PAGE });
  async function* pages(): AsyncGenerator<string> {
    yield toCsv([Object.keys(columns)]);
    let page = first;
    for (;;) {
      yield toCsv(page.runs.map((run) => cellsOf(redactAnswer(toHistoryRow(run), redact))));
      if (page.nextCursor === null) return;
      page = await store.history({ ...filters, limit: PAGE, cursor: page.nextCursor });
    }
  }
  return Readable.from(pages(), { objectMode: false });
}

function cellsOf(row: HistoryRow): Cell[] {
  return Object.values(columns).map((cell) => {
    const value = cell(row);
    return typeof value === 'string' ? harmless(value) : value;
  });
}

/** Spreadsheets also skip blanks in front of a formula; csv-stringify looks at the very first character only. */
function harmless(text: string): string {
  return /^\s+[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}

function toCsv(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], {
    escape_formulas: true,
    // A spreadsheet that parts cells at another sign, as in many countries, must not find one within a cell.
    quoted: true,
    quoted_empty: true,
    record_delimiter: '\r\n',
    quote_record_delimiter: true,
    cast: { boolean: (value) => String(value) },
  });
}
