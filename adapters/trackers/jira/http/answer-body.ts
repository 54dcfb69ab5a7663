// The body of a 2xx answer → the checked value. Lenient where Jira grows (unknown properties), strict where code
// relies on it: a wrong type is told with the path of its field. A web page instead of JSON is a wrong address or a
// login page, and says so.
import type { ZodType } from 'zod';
import { payloadFailure, type CallPlace } from '../errors.ts';
import type { WireAnswer } from './exchange.ts';

/** Throws `tracker_payload_error`. */
export function readAnswer<T>(
  place: CallPlace,
  { status, headers, body }: WireAnswer,
  schema: ZodType<T>,
): T {
  const text = new TextDecoder().decode(body);
  const refuse = (what: string, cause?: unknown): Error => payloadFailure(place, status, what, cause);
  if (text.trim() === '') throw refuse('the answer has no body');
  if (/^\s*</.test(text)) {
    throw refuse('the answer is a web page, not JSON; is tracker.endpoint a Jira Cloud site?');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const type = String(headers['content-type'] ?? 'no content type').slice(0, 80);
    throw refuse(`the answer is not valid JSON (${body.length} bytes, ${type})`, cause);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = (issue?.path ?? []).map(String).join('.');
  const message = (issue?.message ?? 'wrong').replace(/^Invalid input: /, '');
  throw refuse(`${field === '' ? 'the answer' : field} is wrong: ${message}`);
}
