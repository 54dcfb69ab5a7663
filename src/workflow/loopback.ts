// Whether an address can only be reached from this machine.

import { isIP } from 'node:net';

/** 127.0.0.0/8, ::1 in any spelling, and both as IPv4-mapped IPv6. */
export function isLoopback(ip: string): boolean {
  if (isIP(ip) === 4) return ip.startsWith('127.');
  const short = new URL(`http://[${ip.split('%', 1)[0] ?? ''}]/`).hostname;
  return short === '[::1]' || /^\[::ffff:7f[0-9a-f]{2}:/.test(short);
}
