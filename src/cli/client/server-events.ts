// Server-sent events as they come. Lines end as the standard allows (LF, CRLF, CR); comments and unknown fields are
// passed over; an event that is cut off by the end is dropped, one that never ends is an error.

export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** A line of a transcript has at most 10 MiB, the state much less. */
const LONGEST_EVENT = 64 * 1024 * 1024;

export async function* serverEvents(
  bytes: AsyncIterable<Buffer>,
  longest = LONGEST_EVENT,
): AsyncGenerator<ServerEvent> {
  let id = '';
  let event = 'message';
  let data: string[] = [];
  let size = 0;
  for await (const line of linesOf(bytes, longest)) {
    if (line === '') {
      if (data.length > 0) yield { id, event, data: data.join('\n') };
      event = 'message';
      data = [];
      size = 0;
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') {
      size += value.length;
      if (size > longest) throw tooLong(longest);
      data.push(value);
    } else if (field === 'event') event = value === '' ? 'message' : value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  }
}

/** Whole lines only: what no line end follows is not given. */
async function* linesOf(bytes: AsyncIterable<Buffer>, longest: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    // Only the new part is searched: a long line comes in many chunks. A CR at the end may be half of a CRLF.
    if (!rest.endsWith('\r') && !/[\r\n]/.test(text)) rest += text;
    else {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest.length > longest) throw tooLong(longest);
  }
}

function tooLong(longest: number): Error {
  return new Error(`an event is longer than ${longest} characters: is that a Sortie daemon?`);
}
