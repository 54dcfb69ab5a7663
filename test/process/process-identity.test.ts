// A process is recognised by more than its pid, and whatever is uncertain is somebody else.

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { isSameProcess, readIdentity } from '../../src/process/index.ts';
import { parseProcStat } from '../../src/process/process-identity.ts';
import { endEverything, launchShell } from './real-processes.ts';

afterEach(endEverything);

describe('the identity of a process', () => {
  it('matches as long as the process lives, and not after it has gone', async () => {
    const child = launchShell('exec sleep 60');
    const identity = child.identity;
    if (identity === null) throw new Error('a live child has an identity');
    expect(identity.pid).toBe(child.pid);
    expect(identity.processGroup).toBe(child.pid);
    expect(isSameProcess(identity)).toBe(true);
    expect(readIdentity(identity.pid)).toEqual(identity);
    await child.end('enough');
    expect(isSameProcess(identity)).toBe(false);
  });

  it('does not match another start time, another boot, or an unknown one', () => {
    const own = readIdentity(process.pid);
    if (own === null) throw new Error('we have an identity');
    const [boot = '', ticks = ''] = own.startTime.split('/');
    expect(isSameProcess(own)).toBe(true);
    expect(isSameProcess({ ...own, startTime: `${boot}/${Number(ticks) + 1}` })).toBe(false);
    expect(isSameProcess({ ...own, startTime: `another-boot/${ticks}` })).toBe(false);
    expect(isSameProcess({ ...own, startTime: '' })).toBe(false);
  });

  it('knows nobody by a pid that cannot be', () => {
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 40]) expect(readIdentity(pid)).toBeNull();
  });

  it('reads the fields after the last bracket, whatever the command is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(')', '(', ' ', 'Z', '1', '\n'), maxLength: 15 }),
        (name) => {
          const numbers = Array.from({ length: 48 }, (_, index) => index + 5);
          expect(parseProcStat(`42 (${name}) S 4 ${numbers.join(' ')}\n`)).toEqual({
            state: 'S',
            parentPid: 4,
            processGroup: 5,
            session: 6,
            startTicks: '22',
          });
        },
      ),
    );
    for (const broken of ['', '42', '42 (sh) S 1 2', 'no brackets at all'])
      expect(parseProcStat(broken)).toBeNull();
  });
});
