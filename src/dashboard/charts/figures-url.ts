// Where the figures of a span are asked for. Pure.

import type { Span } from './chart-range.ts';

export function statsUrl(span: Span, group: 'none' | 'agent'): string {
  return `/api/v1/stats?${timesOf(span)}&bucket=${span.statsBucket}&group=${group}`;
}

export function samplesUrl(span: Span): string {
  return `/api/v1/samples?${timesOf(span)}&bucket=${span.samplesBucket}`;
}

function timesOf({ sinceMs, untilMs }: Span): string {
  return `since=${new Date(sinceMs).toISOString()}&until=${new Date(untilMs).toISOString()}`;
}
