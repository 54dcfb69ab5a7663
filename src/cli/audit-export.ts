// `sortie audit export`: the entries as JSON lines, each byte for byte as it is stored, with its hash as the last field.
// On a terminal what it may obey is written as escapes; then the text is for the eyes, and its hashes do not fit.

import { InvalidArgumentError } from 'commander';
import { exportedLine } from '../store/index.ts';
import { auditCommand, runAudit, withStore, type AuditFlags } from './audit-store.ts';
import { escapeJson } from './command-line.ts';

interface ExportFlags extends AuditFlags {
  readonly after: number;
}

const PAGE = 500;

export async function main(args: readonly string[]): Promise<number> {
  return runAudit<ExportFlags>(describeExport(), args, async (flags) =>
    withStore(flags, async ({ tools }) => {
      const shown = process.stdout.isTTY ? escapeJson : (line: string) => line;
      let afterSeq = flags.after;
      for (;;) {
        const entries = await tools.audit({ afterSeq, limit: PAGE });
        const last = entries.at(-1);
        if (last === undefined) return 0;
        const text = entries.map((entry) => `${shown(exportedLine(entry))}\n`).join('');
        if (!(await isTaken(text))) return 0;
        afterSeq = last.seq;
      }
    }),
  );
}

export function describeExport() {
  return auditCommand(
    'export',
    'Prints the audit log as JSON lines, oldest first; `verify --file` proves them.',
  ).option('--after <seq>', 'only what comes after this entry', seqOf, 0);
}

function seqOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected the number of an entry.');
  return Number(text);
}

/** False = the reader has seen enough. */
function isTaken(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => resolve(error === undefined || error === null));
  });
}
