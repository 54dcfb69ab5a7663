// A real file of issues in a folder of its own, and a tracker over it, for the tests of this folder.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileTracker, type FileTrackerOptions } from '../../../../adapters/trackers/file/file-tracker.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';

export const never = new AbortController().signal;

export interface Warning {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export class IssuesFile {
  readonly folder: string;
  readonly path: string;
  readonly warnings: Warning[] = [];

  constructor(content: unknown) {
    this.folder = mkdtempSync(join(tmpdir(), 'sortie-file-tracker-'));
    this.path = join(this.folder, 'issues.json');
    this.write(content);
  }

  /** A string or bytes are written as they are, anything else as indented JSON. */
  write(content: unknown): void {
    const raw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(this.path, raw ? content : `${JSON.stringify(content, null, 2)}\n`);
  }

  tracker(options: Partial<FileTrackerOptions> = {}): FileTracker {
    return new FileTracker({
      path: this.path,
      activeStates: ['To Do', 'In Progress'],
      warn: (message, fields) => this.warnings.push({ message, fields }),
      now: () => new Date('2026-11-22T10:00:00.000Z'),
      ...options,
    });
  }

  text(): string {
    return readFileSync(this.path, 'utf8');
  }

  /** Every record, as JSON has it. */
  records(): Record<string, unknown>[] {
    return JSON.parse(this.text().replace(/^\uFEFF/, '')) as Record<string, unknown>[];
  }

  /** Names in the folder besides the file itself: temporary files, if any were left. */
  leftovers(): string[] {
    return readdirSync(this.folder).filter((name) => name !== 'issues.json');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs `job` over a fresh file and removes it in any case. */
export async function withIssues(content: unknown, job: (file: IssuesFile) => Promise<void>): Promise<void> {
  const file = new IssuesFile(content);
  try {
    await job(file);
  } finally {
    file.remove();
  }
}

export function record(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: String(number),
    identifier: `DEMO-${number}`,
    title: `Issue ${number}`,
    state: 'To Do',
    ...more,
  };
}

export async function failure(answer: Promise<unknown>): Promise<TrackerError> {
  const error: unknown = await answer.then(
    () => new Error('it should have failed'),
    (reason: unknown) => reason,
  );
  if (error instanceof TrackerError) return error;
  throw error;
}
