// The doors that commands come through: a Unix socket that needs no token, and an address behind a proxy that wants one,
// below a path. A wrong token, none, nobody there, or somebody else there: one line, exit 1, and never the token.

import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeStage, type Stage } from './commands-stage.ts';
import { makeIssue, until } from './program.ts';

let stage: Stage;
let proxy: Server | null = null;
afterEach(async () => {
  proxy?.closeAllConnections();
  await new Promise((resolve) => (proxy === null ? resolve(null) : proxy.close(resolve)));
  proxy = null;
  await stage.close();
});

const TOKEN = 'correct-horse-battery-staple';

/** Lets through what has the token, without the path's beginning. */
async function startProxy(target: string): Promise<string> {
  const made = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming;
    if (headers.authorization !== `Bearer ${TOKEN}`) {
      outgoing.writeHead(401).end(JSON.stringify({ error: { code: 'unauthorized', message: 'no' } }));
      return;
    }
    if (!url.startsWith('/team/')) {
      outgoing.writeHead(404).end('<h1>Not here</h1>');
      return;
    }
    const { host: _host, ...passed } = headers;
    const onward = request(`${target}${url.slice(5)}`, { method, headers: passed }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.writeHead(502).end('bad gateway'));
    incoming.pipe(onward);
  });
  proxy = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

it(
  'talks through the socket of the workflow, and by its path from anywhere',
  { timeout: 180_000 },
  async () => {
    stage = await makeStage({ server: { port: 0, socket: './sortie.sock' }, mock: { turn_ms: 60 } }, [
      makeIssue(1),
    ]);
    const { folder } = stage;
    expect(await stage.refused('status')).toMatch(
      /nothing listens on .*sortie\.sock: name the daemon with --url$/,
    );
    const daemon = folder.start();
    await until('the daemon', () => daemon.stderr().includes('sortie started'));
    await until('the issue to be done', async () => (await folder.issues())[0]?.state === 'In Review');
    expect(await stage.ok('pause')).toContain('dispatch is paused');
    expect(await stage.json('status', '--url', `unix:${folder.file('sortie.sock')}`)).toMatchObject({
      dispatch: { mode: 'paused' },
    });
    expect(await stage.ok('logs', 'E2E-1', '--url', 'unix:sortie.sock')).toContain(' 1 input ');

    daemon.child.kill('SIGKILL');
    await daemon.exit;
    // What a dead daemon left is no door.
    expect(await stage.refused('resume')).toMatch(
      /^no daemon answers at .*sortie\.sock \(server\.socket\): connect ECONNREFUSED/,
    );
  },
);

describe('behind a proxy with a token', () => {
  it('sends the token of the environment, streams included', { timeout: 180_000 }, async () => {
    stage = await makeStage({ mock: { turn_ms: 60 } }, [makeIssue(1)]);
    await stage.start();
    const url = `${await startProxy(stage.url)}/team/`;
    const env = { SORTIE_SERVER_TOKEN: TOKEN };
    expect(await stage.sortie(['pause', '--url', url], env)).toMatchObject({ code: 0, stderr: '' });
    expect(await stage.json('status')).toMatchObject({ dispatch: { mode: 'paused' } });
    const watching = stage.folder.start(['status', '--watch', '--json', '--url', url], env);
    await until('a state', () => watching.stdout().includes('\n'));
    watching.child.kill('SIGINT');
    expect(await watching.exit).toEqual({ code: 0, signal: null });
    await stage.stop();
    const answer = await stage.sortie(['status', '--url', url], env);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toMatch(
      /^error: .*\/team answered GET \/api\/v1\/state with 502: is that a Sortie daemon/,
    );
  });

  it(
    'is refused without one, with a wrong one and elsewhere, and shows none',
    { timeout: 180_000 },
    async () => {
      stage = await makeStage();
      const origin = await startProxy('http://127.0.0.1:1');
      for (const [env, url, words] of [
        [{}, `${origin}/team`, 'wants a token: set SORTIE_SERVER_TOKEN'],
        [{ SORTIE_SERVER_TOKEN: '' }, `${origin}/team`, 'wants a token: set SORTIE_SERVER_TOKEN'],
        [{ SORTIE_SERVER_TOKEN: 'wrong-token-0' }, `${origin}/team`, 'refuses the token that it was sent'],
        [{ SORTIE_SERVER_TOKEN: TOKEN }, origin, 'with 404: is that a Sortie daemon, of this version?'],
        [{ SORTIE_SERVER_TOKEN: TOKEN }, `http://me:${TOKEN}@127.0.0.1:1`, 'no URL of a daemon'],
        [{ SORTIE_SERVER_TOKEN: TOKEN }, 'http://127.0.0.1:1', 'no daemon answers at http://127.0.0.1:1'],
        [{ SORTIE_SERVER_TOKEN: `${TOKEN}\n` }, origin, 'the token holds a line end'],
      ] as const) {
        const { code, stdout, stderr } = await stage.sortie(['status', '--url', url], env);
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toMatch(/^error: [^\n]+\n$/);
        expect(stderr).toContain(words);
        expect(stderr).not.toMatch(/wrong-token-0|correct-horse/);
      }
    },
  );
});
