// A small HTTP server that answers as a test says, and remembers what it was asked. For what Jira itself would never
// send: broken bodies, resets, redirects, bombs. It holds no state of issues.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answerer = (request: Seen, response: ServerResponse, count: number) => void;

export class FaultServer {
  readonly seen: Seen[] = [];
  readonly #server: Server;
  answer: Answerer;

  private constructor(answer: Answerer) {
    this.answer = answer;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const seen: Seen = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        };
        this.seen.push(seen);
        this.answer(seen, response, this.seen.length);
      });
      request.on('error', () => undefined);
      response.on('error', () => undefined);
    });
  }

  static async start(answer: Answerer): Promise<FaultServer> {
    const faults = new FaultServer(answer);
    faults.#server.listen(0, '127.0.0.1');
    await once(faults.#server, 'listening');
    return faults;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answerer {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
}

/** One answer after the other; the last one for all that follow. */
export function inTurn(...answers: readonly Answerer[]): Answerer {
  return (seen, response, count) => {
    const answer = answers[Math.min(count, answers.length) - 1];
    answer?.(seen, response, count);
  };
}
