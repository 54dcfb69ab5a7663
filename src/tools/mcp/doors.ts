// Which requests are looked at at all, judged by their head alone: from this machine by a program, not by a web page in
// somebody's browser (a page that has rebound its name to 127.0.0.1 names itself in Host, any page names itself in
// Origin), for the one path, by the one method.

import type { IncomingMessage } from 'node:http';
import { isLoopbackHostname } from '../../contract/loopback.ts';
import { RPC } from './refusals.ts';
import type { Refusal } from './refusals.ts';

export const TOOLS_PATH = '/mcp';

/** null = come in. @param port ours. */
export function judgeHead(request: IncomingMessage, port: number): Refusal | null {
  const { host = '', origin } = request.headers;
  if (!isOurs(host, port)) {
    return door(
      403,
      `Host "${host.slice(0, 100)}" is not this server: ask http://127.0.0.1:${port}${TOOLS_PATH}`,
    );
  }
  if (origin !== undefined) return door(403, 'requests of web pages are refused: send no Origin');
  const [path = ''] = (request.url ?? '').split('?', 1);
  if (path !== TOOLS_PATH) return door(404, `there is only ${TOOLS_PATH} here`);
  if (request.method !== 'POST') {
    return {
      ...door(405, 'only POST is answered here: there are no sessions and no stream of events'),
      headers: { allow: 'POST' },
    };
  }
  return null;
}

/** After the token was found good. */
export function judgeContent({ headers }: IncomingMessage): Refusal | null {
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    return door(415, 'Content-Type must be application/json');
  }
  if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) {
    return door(415, 'Content-Encoding must be identity');
  }
  return null;
}

function isOurs(host: string, port: number): boolean {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}/`)) return false;
  const url = new URL(`http://${host}/`);
  return isLoopbackHostname(url.hostname) && Number(url.port || 80) === port;
}

function door(status: number, message: string): Refusal {
  return { status, code: RPC.own, kind: 'invalid_arguments', message };
}
