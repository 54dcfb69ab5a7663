// What the composition root takes from telemetry: a log, a redactor, metrics. Nobody else imports this
// folder; everything else is handed what it needs as an argument.

export { createLogger } from './logger.ts';
export type { LogBindings, LogFields, Logger, LoggerOptions } from './logger.ts';
export type { LogDestination } from './log-sink.ts';
export { createMetrics } from './metrics.ts';
export type { Metrics, MetricsOptions } from './metrics.ts';
export { createRedactor, REDACTED } from './redactor.ts';
export type { Redactor } from './redactor.ts';
