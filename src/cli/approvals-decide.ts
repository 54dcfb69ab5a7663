// `sortie approvals approve ID` and `sortie approvals reject ID`. What is changed is said by `--set` and `--edit`; who
// decides is known by the token, and nothing here says a name.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { JsonMap } from '../contract/tool-operations.ts';
import { APPROVAL_FIELDS, changeLines, resultText, type ShownApproval } from './approval-text.ts';
import type { DaemonClient } from './client/daemon-client.ts';
import { clientCommand } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { messageOf, oneField, printJson } from './command-line.ts';
import { findApproval } from './find-approval.ts';
import { wantsJson, withFormat, type FormatFlags } from './format-option.ts';
import { changesOf, collectSettings, withSettings, type Setting } from './set-argument.ts';

interface DecideFlags extends FormatFlags {
  readonly note: string;
  readonly set?: readonly Setting[];
  readonly edit?: string;
}

/** As much as the API takes. */
const LARGEST_EDIT_BYTES = 1024 * 1024;

export async function approve(args: readonly string[]): Promise<number> {
  return decide('approved', describeApprove(), args);
}

export async function reject(args: readonly string[]): Promise<number> {
  return decide('rejected', describeReject(), args);
}

async function decide(
  status: 'approved' | 'rejected',
  command: Command,
  args: readonly string[],
): Promise<number> {
  return runClient<DecideFlags>(command, args, async (client, flags) => {
    const approval = await findApproval(client, command.processedArgs[0] as string);
    const body = {
      status,
      ...(flags.note === '' ? {} : { decisionNote: flags.note }),
      ...changesIn(approval, flags),
    };
    const answer = await send(client, approval.id, body);
    if (wantsJson(flags)) printJson(answer);
    else process.stdout.write(decidedText(answer));
    return 0;
  });
}

async function send(client: DaemonClient, id: string, body: object): Promise<ShownApproval> {
  return client.post(`/api/v1/approvals/${id}`, body, APPROVAL_FIELDS);
}

/** Of whole fields, as the API takes them. */
function changesIn({ details }: ShownApproval, { set = [], edit }: DecideFlags): object {
  const edited = edit === undefined ? {} : readEdit(edit);
  const kept = Object.fromEntries(
    Object.entries({ ...details, ...edited }).filter(([name]) => edited[name] !== null),
  );
  const modifiedDetails = changesOf(details, withSettings(kept, set));
  return Object.keys(modifiedDetails).length === 0 ? {} : { modifiedDetails };
}

function readEdit(path: string): JsonMap {
  let given: unknown;
  try {
    const text = readFileSync(path);
    if (text.length > LARGEST_EDIT_BYTES) throw new Error(`${path} is larger than 1 MiB`);
    given = JSON.parse(text.toString('utf8'));
  } catch (error) {
    throw new Error(`args: --edit: ${messageOf(error)}`, { cause: error });
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Error(`args: --edit: ${path} holds no JSON object of fields`);
  }
  return given as JsonMap;
}

function decidedText(approval: ShownApproval): string {
  const lines = [
    `${approval.status} as ${approval.decided_by ?? '?'}: ${approval.summary}`,
    ...(approval.modifiedDetails === null ? [] : changeLines(approval).map((line) => `  ${line}`)),
    ...(approval.result === null ? [] : [`  ${resultText(approval.result)}`]),
  ];
  return lines.map((line) => `${oneField(line).trimEnd()}\n`).join('');
}

export function describeApprove(): Command {
  return describeDecision('approve', 'Lets what an agent wants to write be written, changed or as it is.')
    .option(
      '--set <field=value>',
      'write this instead, e.g. priority=Medium, issues.0.summary=…; a JSON value when it is one, null takes ' +
        'out; can be given several times',
      collectSettings,
      [],
    )
    .option('--edit <file.json>', 'the same, from a JSON object of fields; --set comes after it');
}

export function describeReject(): Command {
  return describeDecision('reject', 'Lets what an agent wants to write not be written.');
}

function describeDecision(word: 'approve' | 'reject', description: string): Command {
  return withFormat(clientCommand(`approvals ${word}`, description))
    .argument('<id>', 'its id, or the beginning of it')
    .option('--note <text>', 'what the agent is told', '');
}
