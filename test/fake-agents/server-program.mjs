// The program behind a fake protocol server: takes the client's messages one by one, in order, and plays what was
// recorded after each, or misbehaves, or asks the hooks. A request that was never recorded gets JSON-RPC's -32601.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRecord, placeOf } from './call-record.mjs';
import { answerSignals, endChildren, hang, startChild } from './children.mjs';
import { methodOf, openDialogue } from './dialogue.mjs';
import { randomOf, write } from './pieces.mjs';

class Player {
  constructor(folder, script, call, args) {
    Object.assign(this, { folder, script, call, args });
    this.dialogue = openDialogue(script.dialogue, join(folder, 'played.json'));
    this.how = { pieces: script.pieces, random: randomOf((script.seed ?? 1) * 1_000 + call.record.index) };
    /** The recorded id of a client's request → the one that the client gave now. */
    this.idNow = new Map();
    this.askedById = new Map();
    this.counts = new Map();
    /** What is played is written in order, whoever asked for it. */
    this.writing = Promise.resolve();
  }

  raw(text) {
    return (this.writing = this.writing.then(() => write(Buffer.from(text), this.how)));
  }

  /** A recorded line with the client's ids and texts of today. */
  today(line) {
    if (!line.startsWith('{')) return line;
    let text = line;
    for (const [from, to] of Object.entries(this.script.replace ?? {})) {
      const value = placeOf(to, this.args);
      if (value !== undefined) text = text.replaceAll(from, () => JSON.stringify(value).slice(1, -1));
    }
    const message = JSON.parse(text);
    if (message.id === undefined) return text;
    if (message.method !== undefined) {
      this.askedById.set(message.id, message.method);
      return text;
    }
    const now = this.idNow.get(message.id);
    if (now === undefined || now === message.id) return text;
    message.id = now;
    return JSON.stringify(message);
  }

  play(lines) {
    return lines.length === 0
      ? this.writing
      : this.raw(lines.map((line) => `${this.today(line)}\n`).join(''));
  }

  async exit(code) {
    await this.writing;
    this.call.note((record) => (record.exitCode = code));
    process.exit(code);
  }

  /** The trouble that is due at this message, if any; each is counted over all processes. */
  troubleAt(method) {
    const path = join(this.folder, 'troubles.json');
    let taken = {};
    try {
      taken = JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      // None was taken yet.
    }
    const troubles = this.script.misbehave ?? [];
    const at = troubles.findIndex((one, n) => one.method === method && (taken[n] ?? 0) < (one.times ?? 1));
    if (at < 0) return undefined;
    taken[at] = (taken[at] ?? 0) + 1;
    writeFileSync(path, JSON.stringify(taken));
    return troubles[at];
  }

  async misbehave(trouble, message, lines) {
    const before = lines.slice(0, trouble.afterLine ?? 0);
    const after = lines.slice(before.length);
    await this.play(before);
    switch (trouble.kind) {
      case 'hang':
        if (trouble.withTool === true) await startChild(this.call, { what: 'tool' });
        this.call.note((record) => (record.hanging = true));
        return;
      case 'exit':
        process.stderr.write(trouble.stderr ?? '');
        return this.exit(trouble.exitCode);
      case 'dies':
        process.kill(process.pid, trouble.by);
        return hang(this.call);
      case 'cut': {
        const line = this.today(after[0] ?? '{"method":"cut"}');
        await this.raw(line.slice(0, line.length >> 1));
        return this.exit(0);
      }
      case 'error':
        await this.raw(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, error: trouble.error })}\n`);
        return;
      case 'child-in-new-session':
        await startChild(this.call, { what: 'tool', ignoresSignals: trouble.ignoresSignals });
        break;
      case 'stdout-held-by-grandchild':
        await startChild(this.call, { what: 'grandchild', holdsStdout: true });
        break;
      case 'huge-line':
        await this.raw(`{"method":"huge","params":{"text":"${'x'.repeat(trouble.bytes)}"}}\n`);
        break;
      case 'noise':
        await this.raw(trouble.lines.map((line) => `${line}\n`).join(''));
        break;
    }
    await this.play(after);
  }

  async take(message, answers) {
    const method = methodOf(message, this.askedById);
    const count = (this.counts.get(method) ?? 0) + 1;
    this.counts.set(method, count);
    const part = this.dialogue.choose(method, message);
    if (part?.message.id !== undefined && message.method !== undefined)
      this.idNow.set(part.message.id, message.id);
    const lines = part?.lines ?? [];
    const answer = answers[method];
    if (answer !== undefined) return answer(message, this.tools(message, lines, count));
    const trouble = this.troubleAt(method);
    if (trouble !== undefined) return this.misbehave(trouble, message, lines);
    if (part === undefined && message.method !== undefined && message.id !== undefined) {
      const error = { code: -32601, message: `fake agent: nothing was recorded for ${method}` };
      return this.raw(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, error })}\n`);
    }
    return this.play(lines);
  }

  tools(message, lines, count) {
    const send = (object) => {
      if (object.method !== undefined && object.id !== undefined)
        this.askedById.set(object.id, object.method);
      return this.raw(`${JSON.stringify(object)}\n`);
    };
    return {
      send,
      reply: (result) => send({ jsonrpc: '2.0', id: message.id, result }),
      fail: (error) => send({ jsonrpc: '2.0', id: message.id, error }),
      play: () => this.play(lines),
      raw: (text) => this.raw(text),
      startTool: () => startChild(this.call, { what: 'tool' }),
      endTools: () => endChildren(this.call),
      hang: () => hang(this.call),
      exit: (code) => this.exit(code),
      count,
    };
  }
}

/** Calls `take` for each line of stdin; resolves at its end. */
function readLines(take) {
  return new Promise((resolve) => {
    let rest = Buffer.alloc(0);
    process.stdin.on('data', (part) => {
      rest = Buffer.concat([rest, part]);
      for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
        take(rest.subarray(0, end).toString('utf8'));
        rest = rest.subarray(end + 1);
      }
    });
    process.stdin.on('error', resolve);
    process.stdin.on('end', resolve);
  });
}

/** @param {string} folder of the fake agent, as `installFakeServer` laid it out */
export async function run(folder) {
  const args = process.argv.slice(2);
  const script = JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8'));
  const probe = script.probes.find((one) => one.args.every((arg, at) => args[at] === arg));
  const calls = join(folder, probe === undefined ? 'calls' : 'probes');
  const call = openRecord(calls, { isProbe: probe !== undefined, args, readFiles: script.readFiles });
  if (probe !== undefined) {
    process.stderr.write(probe.stderr ?? '');
    process.stdout.write(probe.stdout ?? '');
    call.note((record) => (record.exitCode = probe.exitCode ?? 0));
    process.exitCode = probe.exitCode ?? 0;
    return;
  }
  const answers = script.hooks === null ? {} : (await import(script.hooks)).answers;
  const player = new Player(folder, script, call, args);
  answerSignals(call, script.onSignal);
  process.stderr.write(script.stderr ?? '');
  await player.play(player.dialogue.opening);
  await readLines((line) => {
    const message = JSON.parse(line);
    call.note((record) => record.messages.push(message));
    player.take(message, answers).catch((error) => {
      process.stderr.write(`fake agent: ${error.stack}\n`);
      process.exit(98);
    });
  });
  call.note((record) => (record.stdin = ''));
  if (script.endsWithStdin === false) await hang(call);
  await player.exit(0);
}
