// A process that writes as the daemon does, for tests that kill it or take its rights away:
// `transition-program.ts <issues.json> <rounds>`. Prints `ready` first, then one line a transition
// (`ok` or the error), and ends after so many rounds (0 = never).
import { writeSync } from 'node:fs';
import { FileTracker } from '../../../../adapters/trackers/file/file-tracker.ts';

const [, , path = '', rounds = '1'] = process.argv;
const never = new AbortController().signal;
const tracker = new FileTracker({ path, activeStates: ['To Do'], warn: () => undefined });
const say = (line: string): void => void writeSync(1, `${line}\n`);

say('ready');
for (let round = 1; rounds === '0' || round <= Number(rounds); round += 1) {
  try {
    // Another length each time, so that half a write in place would not parse.
    await tracker.transitionIssue('1', 'x'.repeat((round % 60) + 1), {}, never);
    say('ok');
  } catch (error) {
    say(String(error));
  }
}
