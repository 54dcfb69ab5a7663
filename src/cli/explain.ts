// `sortie explain KEY`: why an issue runs or does not, since when, and what would change that.

import { clientCommand } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { oneField, printJson } from './command-line.ts';
import { endWords } from './verdict-words.ts';

/** The API's answer, as far as it is printed. */
export interface Explained {
  readonly issue_identifier: string;
  readonly verdict: string;
  readonly detail: string;
  readonly since: string | null;
  readonly as_of: string;
  readonly ends_on: readonly string[];
}

export const EXPLAINED_FIELDS = [
  'issue_identifier',
  'verdict',
  'detail',
  'since',
  'as_of',
  'ends_on',
] as const;

export async function main(args: readonly string[]): Promise<number> {
  const command = describeExplain();
  return runClient(command, args, async (client, { json }) => {
    const key = command.processedArgs[0] as string;
    const path = `/api/v1/issues/${encodeURIComponent(key)}/explain`;
    const answer = await client.get<Explained>(path, EXPLAINED_FIELDS);
    if (json === true) printJson(answer);
    else process.stdout.write(explanationText(answer));
    return 0;
  });
}

export function describeExplain() {
  return clientCommand('explain', 'Says why an issue runs or does not, and what would change that.').argument(
    '<issue>',
    'its identifier, e.g. SHOP-42; also one that the daemon has never seen',
  );
}

function explanationText({ issue_identifier, verdict, detail, since, as_of, ends_on }: Explained): string {
  const lines = [
    `${issue_identifier}: ${verdict}`,
    `  ${detail}`,
    ...(since === null ? [] : [`  since ${since}`]),
    `  as of ${as_of}`,
    ...(ends_on.length === 0 ? [] : [`  changes with: ${ends_on.map(endWords).join('; ')}`]),
  ];
  return lines.map((line) => `${oneField(line)}\n`).join('');
}
