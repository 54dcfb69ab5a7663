// The files of one run that is being written: opened at the first record, exchanged when full, the oldest removed.
// Every part begins with the head. Nobody but the daemon's user may read them.

import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { TranscriptHead } from '../contract/transcript.ts';
import type { FolderLedger } from './folder-ledger.ts';
import { currentName, partName } from './part-names.ts';
import { headRecord } from './records.ts';

export interface PartLimits {
  readonly partBytes: number;
  /** The one that is written among them. */
  readonly parts: number;
}

export interface PartFiles {
  /** Writes whole records; `firstSeq` is that of the first. Rejects with the file system's error. */
  append(text: string, firstSeq: number): Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
  /** The part that is written now, from 1. */
  readonly part: number;
}

export function createPartFiles(
  folder: string,
  head: TranscriptHead,
  limits: PartLimits,
  ledger: FolderLedger,
): PartFiles {
  const { runId } = head;
  const current = currentName(runId);
  let handle: FileHandle | null = null;
  let part = 1;
  let isMade = false;
  let hasHead = false;
  let bytes = 0;
  /** A write broke off: what it left must not become the beginning of a record. */
  let isTorn = false;

  async function put(text: string): Promise<void> {
    const buffer = Buffer.from(isTorn ? `\n${text}` : text);
    isTorn = true;
    await handle?.appendFile(buffer);
    isTorn = false;
    bytes += buffer.length;
    ledger.wrote(runId, current, buffer.length);
  }

  async function openCurrent(): Promise<void> {
    const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const making = isMade ? 0 : O_CREAT | O_EXCL;
    handle ??= await open(join(folder, current), O_WRONLY | O_APPEND | O_NOFOLLOW | making, 0o600);
    isMade = true;
  }

  async function rotate(): Promise<void> {
    await close();
    const full = partName(runId, part);
    await rename(join(folder, current), join(folder, full));
    ledger.renamed(runId, current, full);
    part += 1;
    isMade = false;
    hasHead = false;
    bytes = 0;
    isTorn = false;
    if (part <= limits.parts) return;
    const oldest = partName(runId, part - limits.parts);
    await unlink(join(folder, oldest)).catch(() => undefined);
    ledger.removed(runId, oldest);
  }

  async function close(): Promise<void> {
    const open = handle;
    handle = null;
    await open?.close().catch(() => undefined);
  }

  return {
    async append(text, firstSeq) {
      await ledger.ready();
      if (hasHead && bytes + Buffer.byteLength(text) > limits.partBytes) {
        await rotate();
        await ledger.prune();
      }
      await openCurrent();
      if (!hasHead) {
        await put(headRecord(head, { part, firstSeq }));
        hasHead = true;
      }
      await put(text);
    },
    close,
    get part() {
      return part;
    },
  };
}
