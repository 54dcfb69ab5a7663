// `sortie tools`: what agents may call, and the rules for it.

import { clientCommand, type ClientFlags } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { oneField, printJson } from './command-line.ts';
import { table } from './table.ts';

interface ToolsFlags extends ClientFlags {
  readonly refresh?: true;
}

/** The API's answer, as far as it is printed. */
interface Tools {
  readonly enabled: boolean;
  readonly url: string | null;
  readonly schema_at: string | null;
  readonly schema_error: string | null;
  readonly tools: readonly {
    readonly name: string;
    readonly title: string;
    readonly operations: readonly string[];
  }[];
  readonly read_default: string;
  readonly write_default: string;
  readonly rules: readonly {
    readonly number: number;
    readonly name: string;
    readonly operations: readonly string[];
    readonly decision: string;
    readonly group: string;
    readonly to: readonly string[] | null;
    readonly when: Readonly<Record<string, readonly string[]>>;
    readonly limit: string | null;
  }[];
  readonly projects: readonly string[];
}

const FIELDS = ['enabled', 'tools', 'rules', 'read_default', 'write_default', 'projects'] as const;

export async function main(args: readonly string[]): Promise<number> {
  return runClient<ToolsFlags>(describeTools(), args, async (client, { refresh, json }) => {
    if (refresh === true) {
      const read = await client.post<{ ok: boolean; message: string }>('/api/v1/tools/refresh', {}, [
        'ok',
        'message',
      ]);
      if (json === true) printJson(read);
      else process.stdout.write(`${oneField(read.message)}\n`);
      return read.ok ? 0 : 1;
    }
    const tools = await client.get<Tools>('/api/v1/tools', FIELDS);
    if (json === true) printJson(tools);
    else process.stdout.write(toolsText(tools));
    return 0;
  });
}

export function describeTools() {
  return clientCommand('tools', 'Prints what agents may call, and the rules for it.').option(
    '--refresh',
    'read the names of the tracker’s site anew (projects, types, priorities, fields) instead',
  );
}

function toolsText(tools: Tools): string {
  if (!tools.enabled) return 'agents get no tools: tools.enabled is false\n';
  const { schema_at: at, schema_error: trouble } = tools;
  const lines = [
    `at ${tools.url ?? 'no address: the server could not be opened'}`,
    `projects: ${tools.projects.length === 0 ? 'the configured one' : tools.projects.join(', ')}`,
    `names of the site: ${at === null ? 'not read yet' : `read at ${at}`}${trouble === null ? '' : `; ${trouble}`}`,
  ];
  return [
    lines.map((line) => `${oneField(line)}\n`).join(''),
    table(
      ['TOOL', 'WHAT IT IS', 'OPERATIONS'],
      tools.tools.map(({ name, title, operations }) => [name, title, operations.join(', ')]),
    ),
    table(
      ['RULE', 'DECISION', 'GROUP', 'LIMIT', 'OPERATIONS', 'WHEN'],
      [
        ...tools.rules.map((rule) => [
          rule.name === '' ? String(rule.number) : `${rule.number} (${rule.name})`,
          rule.decision,
          rule.group,
          rule.limit ?? '',
          rule.operations.join(', '),
          whenText(rule),
        ]),
        ['reads', tools.read_default, '', '', 'other reads', ''],
        ['writes', tools.write_default, '', '', 'other writes', ''],
      ],
    ),
  ].join('\n');
}

function whenText({ to, when }: Tools['rules'][number]): string {
  const conditions = Object.entries(to === null ? when : { to, ...when });
  return conditions.map(([field, values]) => `${field}: ${values.join(' or ')}`).join('; ');
}
