// Reads a request's body, bounded, and refuses one that is not JSON.
import type { IncomingMessage } from 'node:http';
import { JiraError } from './answer.ts';
import { message } from './messages.ts';
import type { RecordedRequest } from './recording.ts';

const bodyLimitBytes = 16 * 1024 * 1024;

/** Null when the client went away, or sent more than any client should. */
export async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > bodyLimitBytes) {
        incoming.destroy();
        return null;
      }
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function requireJson(contentType: string | undefined, request: RecordedRequest): void {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new JiraError(415, {
      messages: [message('invalidBody')],
      violation: `Content-Type is ${type || 'missing'}, not application/json`,
    });
  }
  if (request.body !== undefined) return;
  throw new JiraError(400, { messages: [message('invalidBody')], violation: 'the body is no JSON' });
}
