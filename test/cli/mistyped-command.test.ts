// `sortie valdate`: what looks like a command is not read as a file that is missing.

import { expect, it } from 'vitest';
import { COMMAND_NAMES, findCommand } from '../../src/cli/commands.ts';
import { mistypedCommand } from '../../src/cli/run.ts';
import { DAEMON_CONTROLS, ISSUE_CONTROLS } from '../../src/contract/controls.ts';

it.each([
  ['valdate', 'validate'],
  ['Status', 'status'],
  ['pasue', 'pause'],
  ['unhld', 'unhold'],
  ['histroy', 'history'],
])('%s is near to %s', (first, nearest) => {
  expect(mistypedCommand(first, COMMAND_NAMES)).toContain(`did you mean \`sortie ${nearest}\`?\n`);
});

it.each(['WORKFLOW.md', './status', 'ops/validate', 'test', '', '--dry-run', 'xyzzyxyzzy'])(
  '%j is a path or an option',
  (first) => {
    expect(mistypedCommand(first, COMMAND_NAMES)).toBeNull();
  },
);

it('has a command for each word that an operator may say', async () => {
  for (const name of [...DAEMON_CONTROLS, ...ISSUE_CONTROLS, 'refresh']) {
    expect(COMMAND_NAMES).toContain(name);
    expect(await findCommand(name)).toBeTypeOf('function');
  }
  expect(await findCommand('toString')).toBeNull();
});
