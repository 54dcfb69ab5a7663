// `sortie explain`: what it prints offers an operator exactly the words that the daemon would take, in people's words.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { main } from '../../src/cli/explain.ts';
import { endWords } from '../../src/cli/verdict-words.ts';
import { VERDICT_ENDS } from '../../src/contract/controls.ts';
import { runCommand } from './run-command.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function explained(facts: {
  ends_on: readonly string[];
  controls: readonly string[];
}): Promise<string> {
  const answer = {
    ...{ issue_id: '1', issue_identifier: 'SHOP-106', verdict: 'blocked_by', detail: 'It is blocked.' },
    ...{ since: null, as_of: '2026-11-22T14:00:00.000Z', ...facts },
  };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const printed = await runCommand(main, ['SHOP-106', '--url', `http://127.0.0.1:${port}`]);
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  return printed.stdout;
}

it('names the words that an operator may say now, and no others', async () => {
  const blocked = { ends_on: ['blocker_closed', 'operator'], controls: ['dispatch', 'hold'] };
  expect(await explained(blocked)).toContain(
    '  changes with: the end of its blocker; an operator (sortie dispatch or hold)\n',
  );
  const running = { ends_on: ['run_end', 'operator'], controls: ['cancel'] };
  expect(await explained(running)).toContain('the end of its run; an operator (sortie cancel)\n');
  const paused = { ends_on: ['blocker_closed'], controls: ['hold'] };
  expect(await explained(paused)).toContain('  changes with: the end of its blocker\n');
});

it('has words for every code, and leaves one that it does not know as it is', () => {
  for (const code of VERDICT_ENDS) expect(endWords(code, ['retry'])).not.toBe(code);
  expect(endWords('operator', ['retry', 'release', 'hold'])).toBe(
    'an operator (sortie retry, release or hold)',
  );
  expect(endWords('full_moon', [])).toBe('full_moon');
});
