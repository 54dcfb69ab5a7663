// The bundled agent itself, started once a turn as a process of its own. It reads the prompt from stdin, does what
// SORTIE_MOCK_PLAN says, prints events, and ends by one of the exit codes of the line protocol. It touches nothing
// outside of its working folder, but for the tools of its run that it is told to call.

import { once } from 'node:events';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STEPS_BEFORE_TROUBLE, writeScript } from './script.ts';
import type { Step } from './script.ts';
import type { MockPlan } from './settings.ts';

const EXIT_FAILED = 1;
const EXIT_INPUT_REQUIRED = 77;
const FLOOD_LINES = 20_000;
/** Above the 10 MiB that a line may have. */
const FLOOD_LINE_BYTES = 12 * 1024 * 1024;

const { env, stdin, stdout, stderr } = process;
const plan = JSON.parse(env['SORTIE_MOCK_PLAN'] ?? '{}') as MockPlan;
const issueIdentifier = env['SORTIE_ISSUE_IDENTIFIER'] ?? '';
const attempt = Number(env['SORTIE_ATTEMPT']);
const turn = env['SORTIE_TURN'] ?? '';

async function play(): Promise<number> {
  const isToFail = attempt < plan.fail_first;
  const outcome = isToFail ? 'fail' : plan.outcome;
  if (outcome === 'ignore_sigterm') process.on('SIGTERM', () => undefined);
  const script = writeScript(plan, { issueIdentifier, promptCharacters: await readPrompt() });
  await perform(script.slice(0, STEPS_BEFORE_TROUBLE));
  switch (outcome) {
    case 'fail':
      stderr.write(
        isToFail ? `mock: attempt ${attempt} fails, as fail_first says\n` : 'mock: told to fail\n',
      );
      return EXIT_FAILED;
    case 'crash':
      process.kill(process.pid, 'SIGKILL');
      return neverEnd();
    case 'input_required':
      await say('Should the change also cover the old format?');
      return EXIT_INPUT_REQUIRED;
    case 'hang':
    case 'ignore_sigterm':
      return neverEnd();
    case 'flood':
      await flood();
      break;
    case 'succeed':
      break;
  }
  if (plan.calls.length > 0) {
    // Only then: loading a client takes longer than a short turn.
    const { callTools } = await import('./tool-calls.ts');
    const toolsFile = env['SORTIE_TOOLS_FILE'] ?? '';
    await callTools(plan.calls, {
      toolsFile,
      issueIdentifier,
      turn: Number(turn),
      print: (event) => print(JSON.stringify(event)),
    });
  }
  await perform(script.slice(STEPS_BEFORE_TROUBLE));
  return 0;
}

async function perform(steps: readonly Step[]): Promise<void> {
  for (const { waitMs, action, events } of steps) {
    await sleep(waitMs);
    if (action === 'write_file' && plan.file !== '') {
      await mkdir(dirname(plan.file), { recursive: true });
      await appendFile(plan.file, `- ${issueIdentifier}: attempt ${attempt}, turn ${turn}\n`);
    }
    if (action === 'write_status' && plan.status !== '') {
      await mkdir('.sortie', { recursive: true });
      await writeFile('.sortie/status', `${plan.status}\n`);
    }
    for (const event of events) await print(JSON.stringify(event));
  }
}

async function flood(): Promise<void> {
  for (let line = 1; line <= FLOOD_LINES; line += 1) {
    await print(`flood ${line} of ${FLOOD_LINES} ${'~'.repeat(80)}`);
  }
  await print('~'.repeat(FLOOD_LINE_BYTES));
}

async function readPrompt(): Promise<number> {
  let characters = 0;
  stdin.setEncoding('utf8');
  for await (const chunk of stdin as AsyncIterable<string>) characters += chunk.length;
  return characters;
}

function say(message: string): Promise<void> {
  return print(JSON.stringify({ event: 'notification', message }));
}

async function print(line: string): Promise<void> {
  if (!stdout.write(`${line}\n`)) await once(stdout, 'drain');
}

/** Only a signal ends this. */
function neverEnd(): Promise<never> {
  return new Promise(() => setInterval(() => undefined, 60_000));
}

process.exitCode = await play();
