// Children that a fake agent leaves behind or takes with it. They sleep for ten minutes, in a session of their own
// and with the agent's whole environment, as the shell tools of real agents do.
import { spawn } from 'node:child_process';
import { startTimeOf } from './call-record.mjs';

/** Ignored signals stay ignored over `exec`. */
const STUBBORN = "trap '' TERM INT HUP; exec sleep 600";

export function startChild(call, { what, ignoresSignals = false, holdsStdout = false }) {
  const [file, args] = ignoresSignals ? ['sh', ['-c', STUBBORN]] : ['sleep', ['600']];
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', holdsStdout ? 'inherit' : 'ignore', 'ignore'],
  });
  child.unref();
  call.note((record) => record.processes.push({ pid: child.pid, startTime: startTimeOf(child.pid), what }));
  return new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
}

export function endChildren(call) {
  for (const { pid, startTime, what } of call.record.processes) {
    if (what === 'agent' || startTime === '' || startTimeOf(pid) !== startTime) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Takes signals as told, with last words. */
export function answerSignals(call, answers) {
  for (const [name, answer] of Object.entries(answers ?? {})) {
    process.on(name, () => {
      call.note((record) => record.signals.push(name));
      if (answer === 'ignore') return;
      setTimeout(() => {
        if (answer.endsChildren === true) endChildren(call);
        const words = (answer.lines ?? []).map((line) => `${line}\n`).join('');
        process.stdout.write(words, () => {
          call.note((record) => (record.exitCode = answer.exitCode ?? 0));
          process.exit(answer.exitCode ?? 0);
        });
      }, answer.delayMs ?? 0);
    });
  }
}

/** Keeps the process alive, silent, for ten minutes at most. */
export function hang(call) {
  call.note((record) => (record.hanging = true));
  return new Promise((resolve) => setTimeout(resolve, 600_000));
}
