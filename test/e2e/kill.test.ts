// kill -9 of the daemon at random moments, again and again: no retry is lost, no issue runs twice at once, no agent
// process is left, and work goes on in its old session.

import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { baseSettings, freePort, makeFolder, makeIssue, processesIn, until, type Folder } from './program.ts';

const ISSUES = 12;
const KILLS = 8;

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

it('loses nothing and doubles nothing over repeated kill -9', { timeout: 240_000 }, async () => {
  await folder.writeIssues(Array.from({ length: ISSUES }, (_, index) => makeIssue(index + 1)));
  // An agent takes a lock of its own issue: a second one at the same time would be seen. The first attempt fails,
  // so that retries are in the store when the daemon dies. A helper lives in a session of its own.
  await folder.write(
    'agent.sh',
    `log=${folder.file('log.txt')}
me=$SORTIE_ISSUE_IDENTIFIER
if ! mkdir ${folder.path}/lock-$me 2>/dev/null; then
  owner=$(cat ${folder.path}/lock-$me/pid 2>/dev/null)
  if [ -n "$owner" ] && kill -0 "$owner" 2>/dev/null; then echo "double $me" >> $log; fi
  rm -rf ${folder.path}/lock-$me; mkdir ${folder.path}/lock-$me
fi
echo $$ > ${folder.path}/lock-$me/pid
echo "start $me $SORTIE_ATTEMPT $SORTIE_SESSION_ID" >> $log
setsid sleep 300 &
sleep 0.4
rm -rf ${folder.path}/lock-$me
if [ ! -e ${folder.path}/failed-$me ]; then touch ${folder.path}/failed-$me; echo "fail $me" >> $log; exit 1; fi
echo "end $me" >> $log
`,
  );
  const base = baseSettings(folder, `sh ${folder.file('agent.sh')}`);
  await folder.writeWorkflow({
    ...base,
    agent: { ...(base['agent'] as object), max_concurrent_agents: 4 },
  });

  const port = await freePort();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const program = folder.start(['--port', port]);
    await program.url();
    await until('some work', () => processesIn(folder.path).length > 0, 10_000).catch(() => null);
    await new Promise((wake) => setTimeout(wake, (kill * 137) % 700));
    program.child.kill('SIGKILL');
    await program.exit;
  }
  const last = folder.start(['--port', port]);
  await until(
    'everything handed off',
    async () => (await folder.issues()).every(({ state }) => state === 'In Review'),
    150_000,
  );
  last.child.kill('SIGTERM');
  expect(await last.exit).toEqual({ code: 0, signal: null });
  expect(processesIn(folder.path)).toEqual([]);

  const lines = (await readFile(folder.file('log.txt'), 'utf8')).trim().split('\n');
  expect(lines.filter((line) => line.startsWith('double'))).toEqual([]);
  for (let issue = 1; issue <= ISSUES; issue += 1) {
    const starts = lines
      .filter((line) => line.startsWith(`start E2E-${issue} `))
      .map((line) => line.split(' '));
    const attempts = starts.map(([, , attempt]) => Number(attempt));
    const sessions = new Set(starts.map(([, , , session]) => session));
    expect(attempts, `attempts of E2E-${issue}`).toEqual([...attempts].sort((a, b) => a - b));
    expect(new Set(attempts).size, `attempts of E2E-${issue} never repeat: ${attempts.join(',')}`).toBe(
      attempts.length,
    );
    expect(sessions.size, `sessions of E2E-${issue}`).toBe(1);
    // A run that was cut off before its end was durable goes on once more; never is one lost.
    expect(lines.filter((line) => line === `end E2E-${issue}`).length).toBeGreaterThanOrEqual(1);
  }
});
