// How the bundled program is started: by this very Node, from beside this file. In development that is a TypeScript
// source, which needs the loader that runs the daemon itself; in the package it is plain JavaScript.

import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SessionRequest } from '../../../src/contract/agent.ts';
import type { ProgramCall } from '../line-protocol/index.ts';
import { planFor } from './settings.ts';

/** The program of one turn; what it is to do travels in its environment. */
export function programCall(request: SessionRequest): ProgramCall {
  const extension = extname(fileURLToPath(import.meta.url));
  const program = fileURLToPath(new URL(`./program${extension}`, import.meta.url));
  return {
    file: process.execPath,
    args: extension === '.ts' ? ['--import', loaderUrl(), program] : [program],
    env: { SORTIE_MOCK_PLAN: JSON.stringify(planFor(request.settings, request.issueIdentifier)) },
  };
}

function loaderUrl(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
