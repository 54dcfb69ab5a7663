// The container's health check: asks /livez of the daemon beside it. Exit 0 = alive, 1 = not.
// Reads the address from the variables that the daemon reads; one that WORKFLOW.md alone sets is not seen
// here, so in a container set SORTIE_SERVER_PORT. Port 0 is a daemon without HTTP: nothing to ask, healthy.
const port = process.env.SORTIE_SERVER_PORT || '7678';
const host = process.env.SORTIE_SERVER_HOST || '127.0.0.1';
const everywhere = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const address = everywhere[host] ?? host;

if (port !== '0') {
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}/livez`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(4000) });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
  } catch (error) {
    console.error(`healthcheck: ${url}: ${error.cause?.message ?? error.message}`);
    process.exitCode = 1;
  }
}
