// `sortie audit verify`: of the database, compared with the head file beside it, or of an export; and with a head that
// was kept elsewhere. Without the file beside it, and without such a head, a log that was begun is not called intact.

import { InvalidArgumentError } from 'commander';
import { createReadStream } from 'node:fs';
import type { AuditHead, AuditVerdict } from '../contract/audit.ts';
import { StoreError } from '../contract/store.ts';
import { realDatabasePath } from '../store/database-path.ts';
import { auditHeadFile, verifyAuditExport, type AuditProof } from '../store/index.ts';
import { auditCommand, runAudit, withStore, type AuditFlags } from './audit-store.ts';
import { oneField, printJson } from './command-line.ts';
import { findStore } from './open-store.ts';

interface VerifyFlags extends AuditFlags {
  readonly file?: string;
  readonly head?: AuditHead;
}

const BROKEN = 1;

export async function main(args: readonly string[]): Promise<number> {
  return runAudit<VerifyFlags>(describeVerify(), args, async (flags) => {
    const { file, head = null } = flags;
    if (file === undefined) return verifyStore(flags, head);
    const bytes = file === '-' ? process.stdin : createReadStream(file);
    const warnings = head === null ? ['a cut end would not be seen: compare with --head'] : [];
    return say({ verdict: await verifyAuditExport(bytes as AsyncIterable<Buffer>, head), warnings }, flags);
  });
}

export function describeVerify() {
  return auditCommand(
    'verify',
    'Proves that the audit log is as it was written: nothing changed, nothing removed.',
  )
    .option('--file <export>', 'of an export instead of the database; - is stdin')
    .option('--head <seq:hash>', 'the log must hold this entry; as `sortie audit head` printed it', headOf)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit codes: 0 intact, 1 broken, 2 it could not be looked at.\n');
}

function headOf(text: string): AuditHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new InvalidArgumentError('expected SEQ:HASH, as `sortie audit head` prints it.');
  }
  return { seq: Number(seq), hash: hash.toLowerCase() };
}

async function verifyStore(flags: VerifyFlags, head: AuditHead | null): Promise<number> {
  try {
    return await withStore(flags, async (store, tracker) => {
      const beside = await auditHeadFile({ databasePath: store.path, tracker }).read();
      return say(await store.proveAudit({ beside, kept: head }), flags);
    });
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'unreadable') throw error;
    // Somebody knows that there was a log, or the file beside it does.
    const known = head ?? (await headBeside(flags));
    if (known === null || known.seq === 0) throw error;
    const problem = `the whole log is missing: ${error.message}`;
    return say({ verdict: { kind: 'broken', seq: 1, problem }, warnings: [] }, flags);
  }
}

async function headBeside(flags: VerifyFlags): Promise<AuditHead | null> {
  const place = await findStore(flags);
  if (place === null) return null;
  const databasePath = realDatabasePath(place.path);
  const found = await auditHeadFile({ databasePath, tracker: place.tracker }).read();
  return found.kind === 'found' ? found.head : null;
}

function say({ verdict, warnings }: AuditProof, { json }: VerifyFlags): number {
  if (json === true) printJson({ ...toJson(verdict), warnings: warnings.map(oneField) });
  else process.stdout.write(`${oneField(textOf(verdict))}\n`);
  for (const warning of warnings) process.stderr.write(`warning: ${oneField(warning)}\n`);
  return verdict.kind === 'intact' ? 0 : BROKEN;
}

function textOf(verdict: AuditVerdict): string {
  if (verdict.kind === 'broken') {
    return `broken${verdict.seq === 0 ? '' : ` at entry ${verdict.seq}`}: ${verdict.problem}`;
  }
  const { entries, first, head } = verdict;
  if (entries === 0) return 'intact: no entries';
  return `intact: ${entries} ${entries === 1 ? 'entry' : 'entries'}, ${first} to ${head.seq}, head ${head.seq}:${head.hash}`;
}

/** As the API has it; `warnings` beside it are of this command alone. */
function toJson(verdict: AuditVerdict): object {
  const isIntact = verdict.kind === 'intact';
  return {
    intact: isIntact,
    entries: isIntact ? verdict.entries : null,
    first_seq: isIntact ? verdict.first : null,
    head: isIntact ? verdict.head : null,
    broken_at: isIntact ? null : verdict.seq || null,
    problem: isIntact ? null : verdict.problem,
  };
}
