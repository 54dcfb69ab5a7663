// Which web addresses lead to this machine only, for all who must agree on it: the settings that allow plain http there,
// and whoever sends something there.

/**
 * `hostname` as `URL` writes it, which has one spelling for each address: `localhost`, 127.0.0.0/8, ::1, and those as
 * IPv4 in IPv6. Other names may lead anywhere, and so they do not count.
 */
export function isLoopbackHostname(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  return /^127(?:\.\d{1,3}){3}$/.test(hostname) || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(hostname);
}
