// What the composition root takes from http. Nobody else imports this folder.

export { createServer } from './server.ts';
export type { HttpServer, HttpServerOptions } from './server.ts';
export type { HttpStore, SettingsView, TranscriptSource } from './route-source.ts';
export type { WebhookSource } from './webhook-route.ts';
export { HttpServerError } from './http-server-error.ts';
export type { HttpServerErrorKind } from './http-server-error.ts';
export { isLoopback } from './token-guard.ts';
