// `sortie explain KEY`: why an issue runs or does not, since when, and what would change that. With `--operation`: what
// the policy would say to an agent that works on it.

import { InvalidArgumentError } from 'commander';
import { TOOL_OPERATIONS } from '../contract/tool-operations.ts';
import { nearestName } from '../workflow/nearest.ts';
import { clientCommand, type ClientFlags } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { oneField, printJson } from './command-line.ts';
import { collectSettings, type Setting } from './set-argument.ts';
import { endWords } from './verdict-words.ts';

interface ExplainFlags extends ClientFlags {
  readonly operation?: string;
  readonly set: readonly Setting[];
}

/** The API's answer, as far as it is printed. */
export interface Explained {
  readonly issue_identifier: string;
  readonly verdict: string;
  readonly detail: string;
  readonly since: string | null;
  readonly as_of: string;
  readonly ends_on: readonly string[];
  readonly controls: readonly string[];
}

export const EXPLAINED_FIELDS = [
  'issue_identifier',
  'verdict',
  'detail',
  'since',
  'as_of',
  'ends_on',
  'controls',
] as const;

export async function main(args: readonly string[]): Promise<number> {
  const command = describeExplain();
  return runClient<ExplainFlags>(command, args, async (client, { json, operation, set }) => {
    const key = command.processedArgs[0] as string;
    if (operation !== undefined) {
      const { explainOperation } = await import('./explain-operation.ts');
      return explainOperation(client, { issue: key, operation, settings: set, json: json === true });
    }
    if (set.length > 0)
      throw new Error('args: --set says what an operation is given: name it with --operation');
    const path = `/api/v1/issues/${encodeURIComponent(key)}/explain`;
    const answer = await client.get<Explained>(path, EXPLAINED_FIELDS);
    if (json === true) printJson(answer);
    else process.stdout.write(explanationText(answer));
    return 0;
  });
}

export function describeExplain() {
  return clientCommand('explain', 'Says why an issue runs or does not, and what would change that.')
    .argument('<issue>', 'its identifier, e.g. SHOP-42; also one that the daemon has never seen')
    .option('--operation <name>', 'what the policy says to this, asked by a run of the issue', operationOf)
    .option(
      '--set <field=value>',
      'with these details, e.g. to=Done; can be given several times',
      collectSettings,
      [],
    );
}

function operationOf(name: string): string {
  if ((TOOL_OPERATIONS as readonly string[]).includes(name)) return name;
  const nearest = nearestName(name, TOOL_OPERATIONS);
  throw new InvalidArgumentError(
    nearest === null ? `expected one of ${TOOL_OPERATIONS.join(', ')}.` : `did you mean ${nearest}?`,
  );
}

function explanationText(answer: Explained): string {
  const { issue_identifier, verdict, detail, since, as_of, ends_on, controls } = answer;
  const ends = ends_on.map((code) => endWords(code, controls));
  const lines = [
    `${issue_identifier}: ${verdict}`,
    `  ${detail}`,
    ...(since === null ? [] : [`  since ${since}`]),
    `  as of ${as_of}`,
    ...(ends.length === 0 ? [] : [`  changes with: ${ends.join('; ')}`]),
  ];
  return lines.map((line) => `${oneField(line)}\n`).join('');
}
