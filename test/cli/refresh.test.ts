// `sortie refresh` says who wants it and why, and asks nobody first.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/refresh.ts';
import { userName } from '../../src/cli/user-name.ts';
import { runCommand } from './run-command.ts';

it('sends who and why', async () => {
  const posted: unknown[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      posted.push([request.method, request.url, JSON.parse(body)]);
      response
        .writeHead(202, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message: 'the tracker is looked at now' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const printed = await runCommand(main, ['--reason', 'a new issue', '--url', url]);
    expect(printed).toEqual({ code: 0, stdout: 'the tracker is looked at now\n', stderr: '' });
    expect(posted).toEqual([['POST', '/api/v1/refresh', { reason: 'a new issue', by: userName() }]]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
