// The daemon's log, on stderr: one event a line, as logfmt for people and grep (`text`) or as JSON for
// collectors (`json`). pino filters by level, binds context once and survives circular values; each finished
// record then passes through one place that redacts it, bounds it and writes it. Whatever a value contains,
// one call is one line, and the last words before an exit are not lost.

import pino from 'pino';
import type { LogLevel } from '../contract/settings.ts';
import { formatJson, formatLogfmt, type LogRecord } from './log-format.ts';
import { openSink, type LogDestination } from './log-sink.ts';
import { plainFields } from './log-values.ts';

export type LogFields = Readonly<Record<string, unknown>>;

/** What is bound once for an issue or a run; absent where it does not apply. */
export interface LogBindings {
  readonly issue_id?: string | undefined;
  readonly issue_identifier?: string | undefined;
  readonly run_id?: string | undefined;
  readonly session_id?: string | undefined;
  readonly attempt?: number | undefined;
  readonly [field: string]: unknown;
}

/**
 * Messages are static and lower-case; facts go into fields (snake_case). error = a person must act; warn =
 * we coped; info = the world changed; debug = why. No method throws.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Bindings that are undefined or null are left out. */
  child(bindings: LogBindings): Logger;
  isEnabled(level: LogLevel): boolean;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** stderr when absent. */
  readonly destination?: LogDestination | undefined;
  /** Applied to every string of every record, keys included. */
  readonly redact?: ((text: string) => string) | undefined;
}

export function createLogger(options: LoggerOptions): Logger {
  const format = options.format === 'json' ? formatJson : formatLogfmt;
  const redact = options.redact ?? ((text: string) => text);
  const sink = openSink((lines) => log.warn('log lines dropped', { lines }), options.destination);
  const write = (line: string): void => {
    sink.write(format(JSON.parse(line) as LogRecord, redact));
  };
  const root = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    { write },
  );
  const log = wrap(root);
  return log;
}

function wrap(target: pino.Logger): Logger {
  const log =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (!target.isLevelEnabled(level)) return;
      try {
        target[level](plainFields(fields), message);
      } catch {
        // A toJSON deep inside of a field that throws must not take the caller down with it.
        target[level]({ log_error: 'a field of this record could not be read' }, message);
      }
    };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: (bindings) => wrap(target.child(plainFields(bindings))),
    isEnabled: (level) => target.isLevelEnabled(level),
  };
}
