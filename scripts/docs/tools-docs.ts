// The tables of docs/tools.md, from the tools themselves: what models are shown, without any site's own names.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trackers } from '../../adapters/index.ts';
import type { JsonMap } from '../../src/contract/tool-operations.ts';
import type { TrackerAdapter, TrackerRegistration } from '../../src/contract/tracker.ts';
import type { EngineTool } from '../../src/tools/calls/tool.ts';
import { inputSchema } from '../../src/tools/generic/offered.ts';
import { allTools } from '../../src/tools/generic/tools.ts';
import { betweenMarkers, type Generator } from './generated-file.ts';

export const generateToolsDocs: Generator = async (root) => {
  const page = await readFile(join(root, 'docs/tools.md'), 'utf8');
  return [{ path: 'docs/tools.md', text: betweenMarkers(page, 'tools', toolsReference()) }];
};

/** Those that every tracker has, then those of one. */
export function documentedTools(): readonly EngineTool[] {
  return [...allTools(partsFor(jira())).values()];
}

function toolsReference(): string {
  return documentedTools().map(section).join('\n\n');
}

function section(tool: EngineTool): string {
  const { operations } = tool;
  const words = operations.map((operation) => `\`${operation}\``).join(', ');
  const { properties, required } = inputSchema(tool) as {
    properties?: Readonly<Record<string, JsonMap>>;
    required?: readonly string[];
  };
  const rows = Object.entries(properties ?? {}).map(([name, schema]) => {
    const needed = required?.includes(name) === true ? 'yes' : '';
    const { description } = schema;
    const meaning = typeof description === 'string' ? cell(description) : '';
    return `| \`${name}\` | ${typeOf(schema)} | ${needed} | ${meaning} |`;
  });
  return [
    `### \`${tool.name}\``,
    '',
    cell(tool.describe(null)),
    '',
    `Operations: ${words === '' ? 'none; it tells a run about itself' : words}`,
    ...(rows.length === 0
      ? ['', 'No parameters.']
      : ['', '| parameter | type | required | meaning |', '|---|---|---|---|', ...rows]),
  ].join('\n');
}

function typeOf(schema: JsonMap): string {
  const {
    enum: values,
    type,
    items,
    anyOf,
  } = schema as {
    enum?: readonly unknown[];
    type?: string;
    items?: JsonMap;
    anyOf?: readonly JsonMap[];
  };
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(' ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (type === 'array') return `list of ${items === undefined ? 'values' : typeOf(items)}`;
  return type ?? 'any';
}

/** What would end a cell, or be taken for markup. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;').trim();
}

function jira(): TrackerAdapter {
  const registration = trackers.find(({ kind }) => kind === 'jira') as TrackerRegistration;
  return registration.create({
    kind: 'jira',
    endpoint: 'https://example.atlassian.net',
    apiKey: 'someone@example.com:none',
    project: 'DEMO',
    queryFilter: '',
    activeStates: registration.defaultActiveStates,
    terminalStates: registration.defaultTerminalStates,
    richText: 'markdown',
    settings: registration.settingsSchema.parse({}),
    workflowDirectory: '/',
    warn: () => undefined,
  });
}

/** Only their descriptions are asked for: nothing else of them is ever called. */
function partsFor(tracker: TrackerAdapter): Parameters<typeof allTools>[0] {
  const never = new Proxy(
    {},
    {
      get: () => {
        throw new Error('a description needs nothing of the daemon');
      },
    },
  );
  return {
    tracker,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    ...({ clock: never, ledger: never, approvals: never } as Pick<
      Parameters<typeof allTools>[0],
      'clock' | 'ledger' | 'approvals'
    >),
    settings: () => {
      throw new Error('a description needs no settings');
    },
    newUuid: () => '',
    record: () => undefined,
    figures: () => null,
    history: () => Promise.resolve([]),
  };
}
