// The environment in which tests start npm: without what npm itself hands to its scripts, so that `npm test`
// and a plain shell behave the same, and answered from npm's cache where that has what is asked for.

const wanted =
  /^(?:PATH|HOME|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|npm_config_(?:registry|cache|\w+config))$/i;

export function npmEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => wanted.test(name));
  const env = Object.fromEntries(own.map(([name, value]) => [name, value ?? '']));
  return {
    ...env,
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fetch_retries: '1',
  };
}
