// `tracker.api_key` as Jira wants it. Nothing here is ever shown: what can be told about a wrong key is its shape.
import { TrackerError } from '../../../src/contract/tracker.ts';

export interface Credentials {
  /** The value of the header `Authorization`. */
  readonly authorization: string;
  /** Every text that must never be shown, in each form that an answer could repeat it, longest first. */
  readonly secrets: readonly string[];
}

/** `email:token`, split at the first colon. Throws `tracker_auth_error`. White space around the whole is dropped. */
export function readCredentials(apiKey: string): Credentials {
  const whole = apiKey.trim();
  const colon = whole.indexOf(':');
  if (colon === -1) throw refuse('it has no colon');
  const email = whole.slice(0, colon);
  const token = whole.slice(colon + 1);
  if (email.trim() === '') throw refuse('nothing stands before its colon');
  if (token.trim() === '') throw refuse('nothing stands after its colon');
  // eslint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(whole)) throw refuse('it holds a line break or another control character');
  const basic = Buffer.from(`${email}:${token}`, 'utf8').toString('base64');
  return { authorization: `Basic ${basic}`, secrets: formsOf([whole, token, basic]) };
}

function refuse(what: string): TrackerError {
  const detail = `must be email:token, but ${what}; make a token in your Atlassian account settings under Security`;
  return new TrackerError({ kind: 'tracker_auth_error', method: 'create', path: 'tracker.api_key', detail });
}

/** Plain, as in a URL, and as in JSON. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\uFFFD')),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return [...new Set(forms)].sort((one, other) => other.length - one.length);
}
