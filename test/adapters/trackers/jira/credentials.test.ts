// Every shape of `tracker.api_key`, and that none of it is ever told.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCredentials } from '../../../../adapters/trackers/jira/credentials.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';

function decoded(apiKey: string): string {
  const { authorization } = readCredentials(apiKey);
  expect(authorization).toMatch(/^Basic [A-Za-z0-9+/]+=*$/);
  return Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8');
}

it.each([
  ['a@b.c:token', 'a@b.c:token'],
  ['a@b.c:to:ken:', 'a@b.c:to:ken:'],
  ['  a@b.c:token\n', 'a@b.c:token'],
  ['jürgen@b.c:tökén', 'jürgen@b.c:tökén'],
])('makes Basic credentials of %j', (apiKey, expected) => {
  expect(decoded(apiKey)).toBe(expected);
});

it.each([
  ['s3cr3ttoken', 'it has no colon'],
  [':s3cr3ttoken', 'nothing stands before its colon'],
  ['  :s3cr3ttoken', 'nothing stands before its colon'],
  ['s3cr3ttoken:', 'nothing stands after its colon'],
  ['s3cr3ttoken:   ', 'nothing stands after its colon'],
  [':', 'nothing stands before its colon'],
  ['a@b.c:s3cr3t\ntoken', 'it holds a line break or another control character'],
  ['a@b.c:s3cr3t\u0000token', 'it holds a line break or another control character'],
])('refuses %j', (apiKey, what) => {
  let error: unknown;
  try {
    readCredentials(apiKey);
  } catch (caught) {
    error = caught;
  }
  if (!(error instanceof TrackerError)) throw new Error('was accepted');
  expect(error.kind).toBe('tracker_auth_error');
  expect(error.message).toContain(`create tracker.api_key: must be email:token, but ${what}`);
  expect(error.message).not.toContain('s3cr3t');
});

it('splits any pair at the first colon and knows what to hide of it', () => {
  const part = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((text) => /^[^\p{Cc}]*$/u.test(text) && text.trim() === text);
  fc.assert(
    fc.property(
      part.filter((text) => !text.includes(':')),
      part,
      (email, token) => {
        const pair = `${email}:${token}`;
        expect(decoded(pair)).toBe(pair);
        const { secrets } = readCredentials(pair);
        expect(secrets).toContain(pair);
        expect(secrets).toContain(token);
        const lengths = secrets.map((secret) => secret.length);
        expect(lengths).toEqual([...lengths].sort((one, other) => other - one));
      },
    ),
  );
});
