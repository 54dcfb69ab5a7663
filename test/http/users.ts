// Two people with tokens of their own, for servers on loopback and off it.

import type { ServerUser } from '../../src/contract/tool-policy.ts';
import type { HttpServerOptions } from '../../src/http/index.ts';

export const ANNA: ServerUser = { name: 'anna', token: 'anna-token-of-some-length', groups: ['leads'] };
export const BEN: ServerUser = { name: 'ben', token: 'ben-token-of-some-length', groups: [] };

export function settingsWith(
  over: Partial<HttpServerOptions['settings']> = {},
): HttpServerOptions['settings'] {
  return {
    host: '127.0.0.1',
    port: 0,
    token: '',
    allowedHosts: ['sortie.example'],
    users: [ANNA, BEN],
    ...over,
  };
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

export const json = { 'content-type': 'application/json' };
