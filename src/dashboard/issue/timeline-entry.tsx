// One line of the timeline: when, what, how long, and how it went.

import { duration } from '../format.ts';
import { Text } from '../ui/text.tsx';
import type { TimelineEntry } from '../wire.ts';
import { isFailure, kindLabel, nameLabel, toneOf } from './timeline-words.ts';

export function EntryLine({ entry }: { readonly entry: TimelineEntry }) {
  const { at, kind, detail, duration_seconds } = entry;
  const name = nameLabel(entry);
  return (
    <li class="entry" data-tone={toneOf(entry)} data-kind={kind}>
      <time dateTime={at} title={`${at.slice(0, 10)} ${clock(at)} UTC`} class="entry-time">
        {clock(at)}
      </time>
      <span class="entry-what">
        <span class="entry-kind">{kindLabel(kind)}</span>
        {name === '' ? null : <Text text={name} class="entry-name" />}
        {isFailure(entry) ? <span class="entry-failed">failed</span> : null}
        {duration_seconds === null ? null : <span class="entry-took amount">{took(duration_seconds)}</span>}
      </span>
      {detail === '' ? null : <Text text={detail} lines={3} class="entry-detail soft" />}
    </li>
  );
}

function clock(at: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? at : new Date(ms).toISOString().slice(11, 19);
}

function took(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)}s` : duration(seconds * 1000);
}
