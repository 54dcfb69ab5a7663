// An exported log: one entry a line, its hash as the last field. Verified over the very bytes of the file; a byte too
// many or too few anywhere is found, but for the line break at the very end.
import type { AuditEntry, AuditHead, AuditVerdict } from '../contract/audit.ts';
import { exactText } from './audit-line.ts';
import { verifyAudit } from './verify-audit.ts';

const pageEntries = 1_000;
/** Many times what an entry may hold: what is longer is no entry, and must not fill the memory. */
const lineLimitBytes = 16 * 1024 * 1024;
const newline = 0x0a;
/** `,"hash":"` + 64 + `"}`. */
const endBytes = 75;

/** The bytes as they come, cut anywhere. Rejects only when reading fails. */
export function verifyAuditExport(
  bytes: AsyncIterable<Uint8Array>,
  head: AuditHead | null,
): Promise<AuditVerdict> {
  return verifyAudit(exportedPages(bytes), { start: null, head });
}

async function* exportedPages(bytes: AsyncIterable<Uint8Array>): AsyncIterable<readonly AuditEntry[]> {
  let page: AuditEntry[] = [];
  for await (const line of splitLines(bytes)) {
    page.push(entryOf(line));
    if (page.length < pageEntries) continue;
    yield page;
    page = [];
  }
  yield page;
}

async function* splitLines(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]);
      parts = [];
      held = 0;
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    held += rest.length;
    parts.push(rest);
    if (held > lineLimitBytes) break;
  }
  if (held > 0) yield Buffer.concat(parts);
}

/** What is no entry becomes one whose line and hash cannot fit. */
function entryOf(bytes: Buffer): AuditEntry {
  const end = /^,"hash":"([0-9a-f]{64})"\}$/u.exec(bytes.subarray(-endBytes).toString('latin1'));
  const hash = end?.[1] ?? '';
  const line = hash === '' ? exactText(bytes) : `${exactText(bytes.subarray(0, -endBytes))}}`;
  return { seq: seqOf(line), line, hash };
}

function seqOf(line: string): number {
  const seq = Number(/^\{"seq":(\d{1,16}),/u.exec(line)?.[1] ?? NaN);
  return Number.isSafeInteger(seq) ? seq : 0;
}
