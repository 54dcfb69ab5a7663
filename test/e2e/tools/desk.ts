// A built daemon on a loopback Jira whose agent does nothing but hand the address of its tools to the test and wait: the
// test is the agent's model, with a real MCP client. What it calls is done, or not, by the daemon alone. Each agent ends
// when it is let go; everything that was opened here is closed with the desk.

import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect } from 'vitest';
import { addIssue, type LoopbackOptions } from '../../loopback-jira/index.ts';
import { makeSite, type Site } from '../jira/site.ts';
import { MAIN, until } from '../program.ts';

/** As a tool answered it: `{success, data | error}`, or a bare object. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever came back is what is looked at
export type Answer = any;

export interface Agent {
  readonly url: string;
  readonly token: string;
  readonly client: Client;
  call(tool: string, args?: Readonly<Record<string, unknown>>): Promise<Answer>;
}

export interface Desk extends Site {
  /** What the agent runs. */
  readonly command: string;
  /** The agent of that run of the issue, the first is 0, as soon as it works. */
  agent(key: string, run?: number): Promise<Agent>;
  /** Another client of the same run, by `sortie mcp-server`. */
  stdioClient(key: string, run?: number): Promise<Client>;
  /** Its agent says that it is done. */
  letGo(key: string, run?: number): Promise<void>;
  /** `PROJ-1`, in the board's second column; more of them in the first. */
  addIssues(count: number): void;
  /** Keys of the issues with that word in the summary, in the order of their making. */
  made(word: string): readonly string[];
}

/** Waits for its file, and says where its tools are before. Numbers the runs of an issue from 0. */
function handsOver(folder: string): string {
  const name = '$SORTIE_ISSUE_IDENTIFIER-$n';
  return (
    `n=0; while [ -e ${folder}/handed/${name}.json ]; do n=$((n+1)); done; ` +
    `cp "$SORTIE_TOOLS_FILE" ${folder}/handed/${name}.part && ` +
    `mv ${folder}/handed/${name}.part ${folder}/handed/${name}.json; ` +
    `while [ ! -e ${folder}/go-${name} ]; do sleep 0.05; done`
  );
}

export async function makeDesk(
  settings: Readonly<Record<string, object | undefined>> = {},
  options: LoopbackOptions = {},
): Promise<Desk> {
  const site = await makeSite(options);
  const clients: Client[] = [];
  mkdirSync(site.folder.file('handed'));
  const command = handsOver(site.folder.path);
  const configure: Desk['configure'] = (changes, prompt) =>
    site.configure(
      { ...changes, agent: { command, max_retry_backoff_ms: 300, ...changes['agent'] } },
      prompt,
    );
  await configure(settings);
  const handedTo = async (key: string, run: number) => {
    const path = site.folder.file(`handed/${key}-${run}.json`);
    const text = await until(`the tools of run ${run} of ${key}`, () =>
      readFile(path, 'utf8').catch(() => null),
    );
    return { path, ...(JSON.parse(text) as { url: string; token: string }) };
  };
  return {
    ...site,
    command,
    configure,
    async agent(key, run = 0) {
      const { url, token } = await handedTo(key, run);
      const client = new Client({ name: 'an-agent', version: '1' });
      const headers = { authorization: `Bearer ${token}` };
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
      clients.push(client);
      return { url, token, client, call: (tool, args = {}) => callTool(client, tool, args) };
    },
    async stdioClient(key, run = 0) {
      const { path } = await handedTo(key, run);
      const client = new Client({ name: 'an-agent', version: '1' });
      const env = { PATH: process.env['PATH'] ?? '', SORTIE_TOOLS_FILE: path };
      const args = ['--', MAIN, 'mcp-server'];
      await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
      clients.push(client);
      return client;
    },
    letGo: (key, run = 0) => site.folder.write(`go-${key}-${run}`, ''),
    addIssues(count) {
      for (let made = 0; made < count; made += 1) {
        addIssue(site.jira.state, 'PROJ', made === 0 ? { status: 'Selected for Development' } : {});
      }
    },
    made: (word) =>
      [...site.jira.state.issues.values()]
        .filter(({ summary }) => summary.includes(word))
        .map(({ key }) => key),
    async close() {
      for (const client of clients) await client.close().catch(() => undefined);
      await site.close();
    },
  };
}

/** What the client read, after both of its forms were found to say the same. */
export async function callTool(
  client: Client,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const { content, structuredContent, isError } = await client.callTool(
    { name, arguments: { ...args } },
    { timeout: 120_000 },
  );
  expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
  const answer = structuredContent as Answer;
  expect(isError ?? false, JSON.stringify(answer)).toBe(answer.success === false);
  return answer;
}
