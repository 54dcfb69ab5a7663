// The faults that only change what a search says: the same token again, or nothing at all, out of the blue.
import type { Answer } from './answer.ts';
import type { Fault } from './faults.ts';
import type { RecordedRequest } from './recording.ts';

export function changeAnswer(answer: Answer, fault: Fault | null, request: RecordedRequest): Answer {
  switch (fault?.kind) {
    case 'change':
      return fault.answer(answer);
    case 'empty-result':
      return { ...answer, body: { issues: [], isLast: true } };
    case 'repeat-page-token':
      return { ...answer, body: withOldToken(answer.body, askedToken(request)) };
    default:
      return answer;
  }
}

function askedToken({ query, body }: RecordedRequest): string | null {
  const inBody = (body as { nextPageToken?: unknown } | undefined)?.nextPageToken;
  return query['nextPageToken']?.[0] ?? (typeof inBody === 'string' ? inBody : null);
}

/** On the first page there is no token to repeat: it stays what it is. */
function withOldToken(body: unknown, token: string | null): unknown {
  if (token === null || typeof body !== 'object') return body;
  return { ...body, nextPageToken: token, isLast: false };
}
