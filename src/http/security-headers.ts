// Headers that every answer carries, errors included. The page needs nothing from elsewhere, so its policy
// allows nothing from elsewhere: no inline script or style, no frames, no forms, no other origin.

import type { OutgoingHttpHeaders } from 'node:http';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const securityHeaders: Readonly<OutgoingHttpHeaders> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // What a proxy or a browser kept would be a stale or a foreign person's state; pages say otherwise.
  'cache-control': 'no-store',
};
