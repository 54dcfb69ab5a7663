// A recorded dialogue, cut where the client speaks: each of its messages with the agent's lines that follow it up to
// the next one. What was played already is kept in a file, so that it lasts over processes.
import { readFileSync, writeFileSync } from 'node:fs';

const MARKER = /\[\[[^\]]*\]\]/u;

/** The name under which a client's message is looked up; answers go by what they answer. */
export function methodOf(message, askedById) {
  return typeof message.method === 'string' ? message.method : `re:${askedById.get(message.id) ?? ''}`;
}

/** @returns {{ method: string, message: object, marker: string | null, lines: string[] }[]} */
export function readDialogue({ file, lines }) {
  const parts = [{ method: '', message: {}, marker: null, lines: [] }];
  const askedById = new Map();
  for (const line of lines ?? readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    const entry = line.startsWith('{') ? JSON.parse(line) : {};
    const message = entry.msg ?? entry;
    if (entry.dir === 'client->agent') {
      const marker = MARKER.exec(JSON.stringify(message))?.[0] ?? null;
      parts.push({ method: methodOf(message, askedById), message, marker, lines: [] });
      continue;
    }
    if (message.method !== undefined && message.id !== undefined) askedById.set(message.id, message.method);
    parts.at(-1).lines.push(entry.msg === undefined ? line : JSON.stringify(message));
  }
  return parts;
}

/** Chooses the recorded message that belongs to one of the client's; undefined = none was recorded. */
export function openDialogue(source, statePath) {
  const parts = readDialogue(source);
  const readPlayed = () => {
    try {
      return new Set(JSON.parse(readFileSync(statePath, 'utf8')));
    } catch {
      return new Set();
    }
  };
  return {
    /** What the agent said before any message of the client. */
    opening: parts[0].lines,
    choose(method, message) {
      const played = readPlayed();
      const marker = MARKER.exec(JSON.stringify(message))?.[0] ?? null;
      const same = parts.filter((part, at) => at > 0 && part.method === method);
      const marked = marker === null ? [] : same.filter((part) => part.marker === marker);
      const fitting = marked.length > 0 ? marked : same;
      const chosen = fitting.find((part) => !played.has(parts.indexOf(part))) ?? fitting.at(-1);
      if (chosen !== undefined) {
        played.add(parts.indexOf(chosen));
        writeFileSync(statePath, JSON.stringify([...played]));
      }
      return chosen;
    },
  };
}
