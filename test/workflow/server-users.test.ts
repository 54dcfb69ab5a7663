// `server.users`: nobody can be taken for another, and their tokens are secrets.
import { expect, it } from 'vitest';
import { lines, loadBad, loadGood, minimal } from './workflow-file.ts';

const usersOf = (...users: string[]): string =>
  `${minimal}server:\n  token: ${'s'.repeat(20)}\n  users:\n${users.map((user) => `    - { ${user} }\n`).join('')}`;

async function refused(...users: string[]): Promise<string[]> {
  return lines((await loadBad({ yaml: usersOf(...users) })).problems);
}
const long = 'a-token-of-sixteen';

it('takes people with tokens from anywhere in the environment, and keeps the tokens secret', async () => {
  const { settings, secretEnvNames, secretValues, effective } = await loadGood({
    yaml: usersOf(
      'name: ann, token: $ANN_TOKEN, groups: [leads, ops, leads]',
      'name: Bob B., token: "b-${BOB}-b"',
    ),
    env: { ANN_TOKEN: 'ann-0123456789abcdef', BOB: 'bob-0123456789abcdef' },
  });
  expect(settings.server.users).toEqual([
    { name: 'ann', token: 'ann-0123456789abcdef', groups: ['leads', 'ops'] },
    { name: 'Bob B.', token: 'b-bob-0123456789abcdef-b', groups: [] },
  ]);
  expect(secretEnvNames).toEqual(expect.arrayContaining(['ANN_TOKEN', 'BOB']));
  expect(secretValues).toEqual(
    expect.arrayContaining(['ann-0123456789abcdef', 'bob-0123456789abcdef', 'b-bob-0123456789abcdef-b']),
  );
  expect(effective.find(({ key }) => key === 'server.users[0].token')?.value).toBe('***');
  expect(JSON.stringify(effective)).not.toContain('0123456789abcdef');
});

it('has no variable of its own for an item', async () => {
  const env = { SORTIE_SERVER_USERS_0_TOKEN: 'x'.repeat(20), SORTIE_SERVER_USERS: 'x' };
  const { settings } = await loadGood({ yaml: usersOf(`name: ann, token: ${long}`), env });
  expect(settings.server.users).toEqual([{ name: 'ann', token: long, groups: [] }]);
});

it.each([
  [
    'name: ann, token: fifteen-letters',
    'token',
    /must be 16 or more printable ASCII characters .*, found a text/,
  ],
  ['name: ann, token: with a space in the middle', 'token', /without a space, found a text/],
  ['name: ann, token: "sixteen-letters-ö"', 'token', /printable ASCII/],
  ['name: ann, token: $NOT_SET', 'token', /refers to \$NOT_SET, which is not set or empty/],
  ['name: ann', 'token', /is not set; set it to 16 or more/],
  [`token: ${long}`, 'name', /is not set; set it to one line/],
  [`name: Operator, token: ${long}`, 'name', /"Operator" is reserved; choose another/],
  [`name: sortie, token: ${long}`, 'name', /"sortie" is reserved; choose another/],
  [`name: "a\\nb", token: ${long}`, 'name', /must be one line of 1 to 100 characters/],
  [`name: ann, token: ${'s'.repeat(20)}`, 'token', /is server\.token as well/],
  [`name: ann, token: ${long}, groups: leads`, 'groups', /must be a list of texts/],
])('refuses { %s }', async (user, field, message) => {
  const found = await refused(user);
  expect(found).toEqual([expect.stringMatching(message)]);
  expect(found[0]).toMatch(/ WORKFLOW\.md:10:\d+: server\.users\[0\]\./);
  expect(found[0]).toContain(`config.server.users[0].${field} `);
  expect(found[0]).not.toContain(long);
});

it('refuses two of one name or one token, also beside an item that is wrong by itself', async () => {
  const other = 'another-token-of-some';
  expect(
    await refused(
      'name: x',
      `name: ann, token: ${long}`,
      `name: ANN, token: ${other}`,
      `name: bob, token: ${long}`,
    ),
  ).toEqual([
    expect.stringMatching(/^config\.server\.users\[0\]\.token /),
    expect.stringMatching(
      /^config\.server\.users\[2\]\.name WORKFLOW\.md:12:\d+: .* "ANN" is that of server\.users\[1\] as well/,
    ),
    expect.stringMatching(
      /^config\.server\.users\[3\]\.token WORKFLOW\.md:13:\d+: .* is that of server\.users\[1\] as well/,
    ),
  ]);
});
