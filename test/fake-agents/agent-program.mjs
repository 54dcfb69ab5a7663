// The program behind a fake CLI agent: plays one turn of its script, misbehaves as told, records how it was called.
// It never guesses: a call for which the script has no turn ends with exit code 97 and says so on stderr.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openRecord, placeOf } from './call-record.mjs';
import { answerSignals, hang, startChild } from './children.mjs';
import { randomOf, write } from './pieces.mjs';

const NEWLINE = 0x0a;

/** The output with its line ends, split so that a misbehaviour can come between two lines. */
function linesOf(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, at);
    const next = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(at, next));
    at = next;
  }
  return lines;
}

function bytesOf(turn, args) {
  const bytes = Buffer.concat(
    turn.output.map(({ file, base64 }) =>
      file === undefined ? Buffer.from(base64, 'base64') : readFileSync(file),
    ),
  );
  const replaced = Object.entries(turn.replace ?? {});
  if (replaced.length === 0) return bytes;
  let text = bytes.toString('latin1');
  for (const [from, to] of replaced) {
    const value = placeOf(to, args);
    if (value === undefined) continue;
    text = text.replaceAll(Buffer.from(from).toString('latin1'), () =>
      Buffer.from(JSON.stringify(value).slice(1, -1)).toString('latin1'),
    );
  }
  return Buffer.from(text, 'latin1');
}

function readStdin(call) {
  return new Promise((resolve) => {
    const parts = [];
    process.stdin.on('data', (part) => parts.push(part));
    process.stdin.on('error', () => resolve());
    process.stdin.on('end', () => {
      call.note((record) => (record.stdin = Buffer.concat(parts).toString('utf8')));
      resolve();
    });
  });
}

function writeFiles(turn, when, args) {
  for (const { at, text, when: wanted = 'after' } of turn.files ?? []) {
    const path = placeOf(at, args);
    if (wanted !== when || path === undefined) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function extraLine(trouble) {
  if (trouble.kind === 'huge-line') {
    const [open, close] = ['{"type":"huge","text":"', '"}\n'];
    const fill = Math.max(0, trouble.bytes - open.length - close.length + 1);
    return Buffer.concat([Buffer.from(open), Buffer.alloc(fill, 'x'), Buffer.from(close)]);
  }
  const broken = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xe2, 0x82]);
  return Buffer.concat([Buffer.from('{"type":"broken","text":"'), broken, Buffer.from('"}\n')]);
}

async function play(call, turn, args) {
  const troubles = turn.misbehave ?? [];
  const how = { pieces: turn.pieces, random: randomOf(turn.seed) };
  const has = (kind) => troubles.some((trouble) => trouble.kind === kind);
  answerSignals(call, turn.onSignal);
  if (!has('never-reads-stdin')) await readStdin(call);
  writeFiles(turn, 'before', args);
  if (turn.stderr !== undefined) process.stderr.write(turn.stderr);

  let waiting = [];
  const flush = async () => {
    call.record.pieces += await write(Buffer.concat(waiting), how);
    waiting = [];
  };
  const misbehaveAfter = async (count) => {
    for (const trouble of troubles) {
      if ((trouble.afterLine ?? 0) !== count) continue;
      if (trouble.kind === 'huge-line' || trouble.kind === 'invalid-utf8') waiting.push(extraLine(trouble));
      else if (['child-in-new-session', 'stdout-held-by-grandchild', 'hang'].includes(trouble.kind)) {
        await flush();
        if (trouble.kind === 'child-in-new-session') {
          await startChild(call, { what: 'tool', ignoresSignals: trouble.ignoresSignals });
        } else if (trouble.kind === 'stdout-held-by-grandchild') {
          await startChild(call, { what: 'grandchild', holdsStdout: true });
        } else {
          if (trouble.withTool === true) await startChild(call, { what: 'tool' });
          await hang(call);
        }
      }
    }
  };

  const lines = linesOf(bytesOf(turn, args));
  await misbehaveAfter(0);
  for (const [at, line] of lines.entries()) {
    const isCut = has('cut-last-line') && at === lines.length - 1;
    waiting.push(isCut ? line.subarray(0, Math.max(1, line.length >> 1)) : line);
    await misbehaveAfter(at + 1);
  }
  await flush();
  writeFiles(turn, 'after', args);
}

/** @param {string} folder of the fake agent, as `installFakeAgent` laid it out */
export async function run(folder) {
  const args = process.argv.slice(2);
  const { turns, probes, readFiles } = JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8'));
  const probe = probes.find((one) => one.args.every((arg, at) => args[at] === arg));
  const calls = join(folder, probe === undefined ? 'calls' : 'probes');
  const call = openRecord(calls, { isProbe: probe !== undefined, args, readFiles });
  const turn = turns[call.record.index];
  let code = 97;
  if (probe !== undefined) {
    process.stderr.write(probe.stderr ?? '');
    process.stdout.write(probe.stdout ?? '');
    code = probe.exitCode ?? 0;
  } else if (turn === undefined) {
    process.stderr.write(
      `fake agent: call ${call.record.index} has no turn in the script of ${turns.length}\n`,
    );
  } else {
    await play(call, turn, args);
    if (turn.diesBy !== undefined) return process.kill(process.pid, turn.diesBy);
    code = turn.exitCode ?? 0;
  }
  call.note((record) => (record.exitCode = code));
  process.exit(code);
}
