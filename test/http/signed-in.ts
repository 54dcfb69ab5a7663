// A server that asks people to sign in, reached over a real socket, and a browser's part of signing in.

import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { onTestFinished } from 'vitest';
import type { HttpServerOptions } from '../../src/http/index.ts';
import { listeningServer, type TestServer } from './start-server.ts';

export const TOKEN = 'correct-horse-battery-staple';

export interface Answer {
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type OpenServer = TestServer & {
  readonly url: string;
  send(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Answer>;
  /** The `Cookie` header of a new session. */
  signIn(): Promise<string>;
};

export async function openServer(over: Partial<HttpServerOptions> = {}): Promise<OpenServer> {
  const pageDirectory = mkdtempSync(join(tmpdir(), 'sortie-signed-in-'));
  onTestFinished(() => rmSync(pageDirectory, { recursive: true, force: true }));
  writeFileSync(join(pageDirectory, 'index.html'), '<!doctype html><title>Sortie</title>');
  mkdirSync(join(pageDirectory, 'assets'));
  writeFileSync(join(pageDirectory, 'assets', 'page-Ab3dE6gH.js'), 'export {};');
  const settings = { host: '0.0.0.0', port: 0, token: TOKEN, allowedHosts: ['sortie.example'] };
  const made = await listeningServer({ settings, pageDirectory, ...over });
  const url = made.url.replace('0.0.0.0', '127.0.0.1');
  const send: OpenServer['send'] = async (method, path, headers = {}, body) => {
    const answer = await request(url + path, { method: method as 'GET', headers, body: body ?? null });
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type']).startsWith('application/json');
    const parsed = isJson && text !== '' ? (JSON.parse(text) as { error?: { code: string } }) : {};
    return { status: answer.statusCode, code: parsed.error?.code ?? '', text, headers: answer.headers };
  };
  const signIn = async (): Promise<string> => {
    const { headers } = await send(
      'POST',
      '/login',
      { 'content-type': 'application/json', origin: url },
      JSON.stringify({ token: TOKEN }),
    );
    return String(headers['set-cookie']).split(';')[0] ?? '';
  };
  return { ...made, url, send, signIn };
}
