// docs/openapi.json and the tables of docs/http-api.md, from the server itself: it is asked for its own
// document, without a socket and without a daemon behind it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DaemonView } from '../../src/contract/snapshot.ts';
import { errorCodes } from '../../src/http/error-codes.ts';
import { createServer } from '../../src/http/index.ts';
import { betweenMarkers, type Generator } from './generated-file.ts';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>;
}

export const generateHttpDocs: Generator = async (root) => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const document = await askForDocument(root, version);
  const page = await readFile(join(root, 'docs/http-api.md'), 'utf8');
  const withRoutes = betweenMarkers(page, 'routes', routesTable(document));
  return [
    { path: 'docs/openapi.json', text: `${JSON.stringify(document, null, 2)}\n` },
    { path: 'docs/http-api.md', text: betweenMarkers(withRoutes, 'error codes', errorsTable()) },
  ];
};

const nobody: DaemonView = {
  snapshot: () => null,
  issue: () => null,
  refresh: () => null,
  control: () => Promise.reject(nothingBehind()),
  explain: () => Promise.reject(nothingBehind()),
  onChange: () => () => undefined,
  readiness: () => {
    throw nothingBehind();
  },
};

function nothingBehind(): Error {
  return new Error('the document is made without a daemon');
}

async function askForDocument(root: string, version: string): Promise<Document> {
  const server = createServer({
    view: nobody,
    store: {
      history: async () => ({ runs: [], nextCursor: null }),
      findIssue: async () => null,
      timeline: async () => ({ entries: [], beforeSeq: null }),
      samples: async () => [],
      stats: async () => [],
      operatorActions: async () => [],
    },
    metrics: { text: async () => '', contentType: 'text/plain' },
    settings: { host: '127.0.0.1', port: 0, token: '', allowedHosts: [] },
    version,
    pageDirectory: join(root, 'src/dashboard'),
    webhooks: { take: () => null, wake: () => undefined },
    warn: () => undefined,
  });
  try {
    return (await server.inject('/api/v1/openapi.json')).json<Document>();
  } finally {
    await server.close();
  }
}

function routesTable({ paths }: Document): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, { summary }]) => `| \`${method.toUpperCase()} ${path}\` | ${summary} |`,
    ),
  );
  return ['| route | what it answers |', '|---|---|', ...rows.sort()].join('\n');
}

function errorsTable(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${meaning} |`,
  );
  return ['| code | status | meaning |', '|---|---|---|', ...rows].join('\n');
}
