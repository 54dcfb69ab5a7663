// `sortie audit head`: the newest entry, to be kept where who could change the database cannot reach.

import { auditCommand, runAudit, withStore, type AuditFlags } from './audit-store.ts';
import { printJson } from './command-line.ts';

export async function main(args: readonly string[]): Promise<number> {
  return runAudit<AuditFlags>(describeHead(), args, async (flags) =>
    withStore(flags, async ({ tools }) => {
      const { seq, hash } = await tools.auditHead();
      if (flags.json === true) printJson({ seq, hash });
      else process.stdout.write(`${seq}:${hash}\n`);
      return 0;
    }),
  );
}

export function describeHead() {
  return auditCommand(
    'head',
    'Prints SEQ:HASH of the newest entry of the audit log, for keeping elsewhere.',
  ).option('--json', 'print JSON');
}
