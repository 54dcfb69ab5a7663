// Times that run by themselves. Each is one text node that the shared clock changes; nothing around it is
// drawn again. Every one has the exact UTC time as its title.

import { useComputed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { browserNow, daemonNow } from '../clock.ts';
import { ago, countdown, duration, utcTime } from '../format.ts';

interface TimeProps {
  /** ISO 8601. */
  readonly at: string;
}

/** `12s ago`. */
export function Ago({ at }: TimeProps) {
  return <Ticking at={at} show={ago} />;
}

/** `in 40s`, `now`. */
export function Countdown({ at }: TimeProps) {
  return <Ticking at={at} show={countdown} />;
}

/** How long it has been going on: `12m 34s`. */
export function Elapsed({ at }: TimeProps) {
  return <Ticking at={at} show={elapsed} />;
}

/** `14:00 UTC`, with the day in front when it is not the daemon's today. */
export function Utc({ at }: TimeProps) {
  return <Ticking at={at} show={utcTime} />;
}

/** By the browser's clock, for what happened here. */
export function AgoHere({ atMs }: { readonly atMs: number }) {
  return <Ticking at={new Date(atMs).toISOString()} show={ago} clock={browserNow} />;
}

export function CountdownHere({ atMs }: { readonly atMs: number }) {
  return <Ticking at={new Date(atMs).toISOString()} show={countdown} clock={browserNow} />;
}

function elapsed(at: string, nowMs: number): string {
  return duration(nowMs - Date.parse(at));
}

interface TickingProps extends TimeProps {
  readonly show: (at: string, nowMs: number) => string;
  readonly clock?: ReadonlySignal<number>;
}

function Ticking({ at, show, clock = daemonNow }: TickingProps) {
  // The key makes a new signal when the time changes; a computed one keeps the time that it was made with.
  return <TickingOnce key={at} at={at} show={show} clock={clock} />;
}

function TickingOnce({ at, show, clock }: Required<TickingProps>) {
  const text = useComputed(() => show(at, clock.value));
  const title = useMemo(() => utcTitle(at), [at]);
  return (
    <time dateTime={at} title={title} class="time">
      {text}
    </time>
  );
}

function utcTitle(at: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms)
    ? at
    : new Date(ms)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC');
}
