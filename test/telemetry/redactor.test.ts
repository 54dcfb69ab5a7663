// Known secret values, in whatever spelling they turn up, leave no text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, REDACTED } from '../../src/telemetry/index.ts';

const token = 'ATATT3xFf/GF0+T4"k\\n=é';

describe('a redactor', () => {
  it.each([
    ['as it is', token],
    ['in JSON', JSON.stringify({ token })],
    ['in JSON in JSON', JSON.stringify({ line: JSON.stringify({ token }) })],
    ['in a query', `?token=${encodeURIComponent(token)}&x=1`],
    ['in a query, lower case', encodeURIComponent(token).replace(/%../g, (code) => code.toLowerCase())],
    ['in a form', new URLSearchParams({ token }).toString()],
    ['in base64', Buffer.from(token).toString('base64')],
    ['in base64url', Buffer.from(token).toString('base64url')],
    ['in a Basic header', `Basic ${Buffer.from(`me@example.com:${token}`).toString('base64')}`],
    [
      'in a Basic header of another length',
      `Basic ${Buffer.from(`ann@example.com:${token}`).toString('base64')}`,
    ],
    [
      'in a Basic header of a third length',
      `Basic ${Buffer.from(`anna@example.com:${token}`).toString('base64')}`,
    ],
  ])('finds a secret written %s', (_how, text) => {
    const redacted = createRedactor([token]).redact(text);
    expect(redacted).toContain(REDACTED);
    for (const piece of ['ATATT3', 'GF0', Buffer.from(token).toString('base64').slice(4, 16)]) {
      expect(redacted).not.toContain(piece);
    }
  });

  it('finds the token of a login by itself', () => {
    const redactor = createRedactor(['me@example.com:tok-4f1d9a7b:c2']);
    expect(redactor.redact('env: TOKEN=tok-4f1d9a7b:c2 USER=me@example.com')).toBe(
      `env: TOKEN=${REDACTED} USER=me@example.com`,
    );
    expect(createRedactor(['at 12:30']).redact('30 of 30')).toBe('30 of 30');
  });

  it('leaves what is beside the secret', () => {
    expect(createRedactor(['hunter2']).redact('user=a pass=hunter2; again hunter2.')).toBe(
      `user=a pass=${REDACTED}; again ${REDACTED}.`,
    );
  });

  it('takes the longest of secrets that contain each other, and leaves no tail of those that overlap', () => {
    const redact = createRedactor(['abcd', 'abcdef', 'defghi']).redact;
    expect(redact('abcdef')).toBe(REDACTED);
    expect(redact('abcdefghi')).toBe(REDACTED);
    expect(redact('abcd-defghi')).toBe(`${REDACTED}-${REDACTED}`);
  });

  it('ignores values that are too short to be secrets, empty ones above all', () => {
    const text = 'an on-off id is 42';
    expect(createRedactor(['', 'on', '42', 'id ', ' ']).redact(text)).toBe(text);
  });

  it('finds a many-line key even when its lines were torn apart', () => {
    const key =
      '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END KEY-----\n';
    const redact = createRedactor([key]).redact;
    expect(redact('read MIIEvQIBADANBgkqhkiG9w0B from it')).toBe(`read ${REDACTED} from it`);
    expect(redact(`env: ${key.trim()}`)).not.toContain('MII');
  });

  it('knows the new values after a reload, and the old ones, through the function that was handed out before', () => {
    const redactor = createRedactor(['old-secret']);
    const handedOut = redactor.redact;
    redactor.update(['new-secret']);
    expect(handedOut('old-secret new-secret')).toBe(`${REDACTED} ${REDACTED}`);
  });

  it('forgets the oldest values when there were very many', () => {
    const redactor = createRedactor(['first-secret']);
    for (let reload = 0; reload < 300; reload += 1) redactor.update([`secret-${reload}-`]);
    expect(redactor.redact('secret-299- secret-120-')).toBe(`${REDACTED} ${REDACTED}`);
    expect(redactor.redact('first-secret')).toBe('first-secret');
  });

  it('leaves no secret in any text, whatever its characters', () => {
    const secrets = fc.string({ minLength: 4, maxLength: 40, unit: 'binary' }).filter((text) => {
      return !REDACTED.includes(text) && !text.includes('[') && !text.includes(']');
    });
    fc.assert(
      fc.property(
        secrets,
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (secret, before, after) => {
          const { redact } = createRedactor([secret]);
          return !redact(`${before}${secret}${after}`).includes(secret);
        },
      ),
    );
  });

  it('changes nothing that holds no secret', () => {
    fc.assert(
      fc.property(fc.string(), (text) => createRedactor(['\u0001never\u0002']).redact(text) === text),
    );
  });

  it('keeps a secret that lives for a while, also over a reload, until it is forgotten', () => {
    const redactor = createRedactor(['of-the-settings']);
    const forget = redactor.keep('of-a-run');
    redactor.update(['of-other-settings']);
    expect(redactor.redact('of-a-run of-the-settings')).toBe(`${REDACTED} ${REDACTED}`);
    forget();
    expect(redactor.redact('of-a-run of-other-settings')).toBe(`of-a-run ${REDACTED}`);
  });
});
