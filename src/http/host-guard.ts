// The door against DNS rebinding: a web page that makes its own name resolve to 127.0.0.1 still sends that
// name as Host. Every route, probes included, therefore answers only to an IP address, `localhost` or a
// name from `server.allowed_hosts`. The port is no part of the question; forwarding headers are not read.

import { isIP } from 'node:net';
import { ApiError } from './error-codes.ts';

/** Throws `host_not_allowed`. An absent Host (HTTP/1.0) is refused too. */
export type HostGuard = (hostHeader: string | undefined) => void;

export function createHostGuard(allowedHosts: readonly string[]): HostGuard {
  const allowed = new Set(['localhost']);
  for (const entry of allowedHosts) {
    const name = hostName(entry);
    if (name !== null) allowed.add(name);
  }
  return (hostHeader) => {
    const name = hostName(hostHeader ?? '');
    if (name !== null && (isIP(name) !== 0 || allowed.has(name))) return;
    throw new ApiError(
      'host_not_allowed',
      'this Host is not served here: use an IP address or localhost, or add the name to server.allowed_hosts',
    );
  };
}

/** Lower-case, without port, brackets and the root's dot; null when it is no host at all. */
export function hostName(header: string): string | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]/@\s]+))(?::\d*)?$/.exec(header.trim());
  const name = (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '');
  return name === undefined || name === '' ? null : name;
}
