// `notifications`: what an item must hold, which addresses are taken, and that its address and secret are secrets.
import { expect, it } from 'vitest';
import { NOTIFICATION_EVENTS } from '../../src/contract/notification.ts';
import { lines, loadBad, loadGood, minimal } from './workflow-file.ts';

const good = 'name: ops, kind: webhook, url: https://x.example/h, events: [drained]';
const yamlOf = (...items: string[]): string =>
  `${minimal}notifications:\n${items.map((item) => `  - { ${item} }\n`).join('')}`;

async function refused(...items: string[]): Promise<string[]> {
  return lines((await loadBad({ yaml: yamlOf(...items) })).problems);
}

it('takes a signed webhook and a Slack address, with what each wants to know', async () => {
  const { settings, secretValues, secretEnvNames } = await loadGood({
    yaml: yamlOf(
      'name: ops, kind: webhook, url: "https://x.example/$WHERE", secret: $SIGN, events: [drained, drained]',
      `name: people, kind: slack, url: $SLACK, events: [${NOTIFICATION_EVENTS.join(', ')}]`,
    ),
    env: { WHERE: 'hooks', SIGN: 's1gn', SLACK: 'https://hooks.slack.example/services/T0/B0/xyz' },
  });
  expect(settings.notifications).toEqual([
    { name: 'ops', kind: 'webhook', url: 'https://x.example/hooks', secret: 's1gn', events: ['drained'] },
    {
      ...{ name: 'people', kind: 'slack', secret: '', events: NOTIFICATION_EVENTS },
      url: 'https://hooks.slack.example/services/T0/B0/xyz',
    },
  ]);
  expect([...secretEnvNames].sort()).toEqual(['SIGN', 'SLACK', 'WHERE']);
  expect(secretValues).toEqual(
    expect.arrayContaining([
      'https://x.example/hooks',
      's1gn',
      'https://hooks.slack.example/services/T0/B0/xyz',
    ]),
  );
  // An error of a request names the path alone.
  expect(secretValues).toContain('/services/T0/B0/xyz');
});

it.each(['http://127.0.0.1:9/x', 'http://localhost/x', 'http://[::1]:8080/', 'https://a.example'])(
  'takes the address %s',
  async (url) => {
    const yaml = yamlOf(good.replace('https://x.example/h', `"${url}"`));
    expect((await loadGood({ yaml })).settings.notifications[0]?.url).toBe(url);
  },
);

it.each([
  'http://x.example/h',
  'http://localhost.x.example/',
  'http://127.0.0.1.x.example/',
  'ftp://127.0.0.1/',
  'x.example/h',
  'file:///etc/passwd',
  'https://',
  'https://x.example/a b',
])('refuses the address %j without showing it', async (url) => {
  const found = await refused(good.replace('https://x.example/h', `"${url}"`));
  expect(found).toEqual([
    expect.stringMatching(
      /^config\.notifications\[0\]\.url WORKFLOW\.md:8:\d+: notifications\[0\]\.url must be an https address .*, found a text; /,
    ),
  ]);
});

it('names the nearest event for one that does not exist', async () => {
  expect(await refused(good.replace('[drained]', '[drained, issue_park]'))).toEqual([
    expect.stringMatching(
      /^config\.notifications\[0\]\.events WORKFLOW\.md:8:\d+: .* must be a list of one or more of issue_parked, .*, found the text "issue_park" in it \(did you mean "issue_parked"\?\)/,
    ),
  ]);
  expect(await refused(good.replace('[drained]', '[]'))).toEqual([
    expect.stringMatching(/events must be a list of one or more of/),
  ]);
});

it('says what an item lacks, each key by its name', async () => {
  expect(await refused(good, 'name: two')).toEqual(
    ['kind', 'url', 'events'].map((key): unknown =>
      expect.stringMatching(
        new RegExp(
          `^config\\.notifications\\[1\\]\\.${key} WORKFLOW\\.md:9:5: notifications\\[1\\]\\.${key} is not set; set it to `,
        ),
      ),
    ),
  );
});

it('refuses two destinations of one name, and names of more than one line', async () => {
  expect(await refused(good, good)).toEqual([
    expect.stringMatching(
      /^config\.notifications\[1\]\.name WORKFLOW\.md:9:13: notifications\[1\]\.name "ops" is that of notifications\[0\] as well/,
    ),
  ]);
  expect(await refused(good.replace('ops', '"a\\nb"'))).toEqual([
    expect.stringMatching(/name must be one line of 1 to 100 characters/),
  ]);
});

it.each([
  [
    'notifications: { name: x }',
    /^config\.notifications WORKFLOW\.md:7:16: notifications must be a list, found a map/,
  ],
  [
    'notifications: [x]',
    /^config\.notifications\[0\] WORKFLOW\.md:7:17: notifications\[0\] must be a map, found a text/,
  ],
])('refuses %j', async (yaml, message) => {
  const result = await loadBad({ yaml: `${minimal}${yaml}\n` });
  expect(lines(result.problems)[0]).toMatch(message);
});

it('warns of an unknown key in an item, and of a secret that signs nothing', async () => {
  const found = (await loadGood({ yaml: yamlOf(`${good}, evnts: 1, secret: s`.replace('webhook', 'slack')) }))
    .warnings;
  expect(lines(found)).toEqual([
    expect.stringMatching(
      /^unknown_sub_key WORKFLOW\.md:8:\d+: unknown key "evnts" in notifications\[0\] \(did you mean "events"\?\)/,
    ),
    expect.stringMatching(/^config\.notifications\[0\]\.secret WORKFLOW\.md:8:\d+: .* does nothing/),
  ]);
});

it('names the variable of an address that leads nowhere', async () => {
  expect(await refused(good.replace('https://x.example/h', '$NOT_SET'))).toEqual([
    expect.stringMatching(
      /^config\.notifications\[0\]\.url .*notifications\[0\]\.url refers to \$NOT_SET, which is not set/,
    ),
  ]);
});
