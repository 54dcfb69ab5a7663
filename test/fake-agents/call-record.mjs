// The record of one call of a fake program: a JSON file that is replaced whole whenever something was learnt, so
// that a reader never sees half of it and a kill at any moment leaves what was known.
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The start time of a process in /proc/PID/stat; "" when it is gone. */
export function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Takes the next free number, among calls that may begin at the same time. */
function takeNumber(folder) {
  for (let number = 0; ; number += 1) {
    try {
      mkdirSync(join(folder, String(number)));
      return number;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

export function placeOf(place, args) {
  if (typeof place === 'string') return place;
  if ('cwd' in place) return join(process.cwd(), place.cwd);
  if ('env' in place) {
    const value = process.env[place.env];
    return value === undefined || place.path === undefined ? value : join(value, place.path);
  }
  for (const flag of [place.flag].flat()) {
    const at = args.lastIndexOf(flag);
    if (at >= 0) return args[at + 1];
    const joined = args.find((arg) => arg.startsWith(`${flag}=`));
    if (joined !== undefined) return joined.slice(flag.length + 1);
  }
  return undefined;
}

function readPlaces(places, args) {
  const files = {};
  for (const place of places ?? []) {
    const name = 'cwd' in place ? place.cwd : 'env' in place ? place.env : [place.flag].flat()[0];
    const path = placeOf(place, args);
    try {
      files[name] = path === undefined ? null : readFileSync(path.replace(/^@/u, ''), 'utf8');
    } catch {
      files[name] = null;
    }
  }
  return files;
}

/** @param {string} folder of all calls of one kind */
export function openRecord(folder, { isProbe, args, readFiles }) {
  const index = takeNumber(folder);
  const path = join(folder, String(index), 'call.json');
  const record = {
    index,
    isProbe,
    args,
    env: { ...process.env },
    cwd: realpathSync(process.cwd()),
    pid: process.pid,
    processes: [{ pid: process.pid, startTime: startTimeOf(process.pid), what: 'agent' }],
    stdin: null,
    files: readPlaces(readFiles, args),
    signals: [],
    hanging: false,
    messages: [],
    pieces: 0,
    exitCode: null,
  };
  const save = () => {
    writeFileSync(`${path}.new`, JSON.stringify(record));
    renameSync(`${path}.new`, path);
  };
  save();
  return {
    record,
    note(change) {
      change(record);
      save();
    },
  };
}
