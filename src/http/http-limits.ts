// What one connection may cost, the same for the port and for the Unix socket.

export const REQUEST_TIMEOUT_MS = 30_000;
export const KEEP_ALIVE_MS = 10_000;
export const CONNECTION_LIMIT = 512;

export const HTTP_LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  /** Node looks for late requests this often; its own 30 s would stretch the limits above fourfold. */
  connectionsCheckingInterval: 5_000,
} as const;
