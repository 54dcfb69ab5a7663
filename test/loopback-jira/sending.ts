// Puts an answer on the wire, well or as badly as a fault says. Everything that waits here ends when the
// server closes: sockets are destroyed and timers are given up.
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import type { Fault } from './faults.ts';

const jsonType = 'application/json;charset=UTF-8';
const megabyte = 1024 * 1024;

export interface Sending {
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly fault: Fault | null;
  /** Waits; false when the server closed meanwhile. */
  readonly pause: (ms: number) => Promise<boolean>;
}

export async function send(answer: Answer, sending: Sending): Promise<void> {
  const { response, fault } = sending;
  if (response.destroyed) return;
  const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  const headers: Record<string, string> = { ...sending.headers, ...answer.headers };
  if (text !== '') headers['Content-Type'] ??= jsonType;
  const bytes = Buffer.from(text);
  switch (fault?.kind) {
    case 'truncated-json':
      return whole(response, answer.status, headers, bytes.subarray(0, Math.floor(bytes.length / 2)));
    case 'huge-body':
      return whole(response, answer.status, headers, huge(text, fault));
    case 'gzip-bomb':
      headers['Content-Encoding'] = 'gzip';
      return whole(response, answer.status, headers, bomb(text, fault.bytes ?? 200 * megabyte));
    case 'bad-gzip':
      headers['Content-Encoding'] = 'gzip';
      return whole(response, answer.status, headers, bytes);
    case 'drip':
      return drip(sending, answer.status, headers, bytes, fault);
    case 'hang':
    case 'reset':
      return part(response, answer.status, headers, bytes, fault.kind);
    default: {
      const packed = sending.gzip && text !== '';
      if (packed) headers['Content-Encoding'] = 'gzip';
      return whole(response, answer.status, headers, packed ? gzipSync(bytes) : bytes);
    }
  }
}

/** Cuts the connection so that the client sees a reset, not an end. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function whole(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  bytes: Buffer,
): void {
  if (bytes.length > 0) headers['Content-Length'] = String(bytes.length);
  response.writeHead(status, headers).end(bytes.length > 0 ? bytes : undefined);
}

function huge(text: string, fault: Extract<Fault, { kind: 'huge-body' }>): Buffer {
  const bytes = fault.bytes ?? 10 * megabyte;
  return fault.content === 'noise' ? Buffer.from(`{"issues":"${'x'.repeat(bytes)}`) : spaces(text, bytes);
}

/** Valid JSON of that size: white space after the first character. */
function spaces(text: string, bytes: number): Buffer {
  const padding = Buffer.alloc(Math.max(0, bytes - Buffer.byteLength(text)), ' ');
  return Buffer.concat([Buffer.from(text.slice(0, 1) || ' '), padding, Buffer.from(text.slice(1))]);
}

/** The same, packed: gzip may be several members in a row, so only one megabyte of space is ever packed here. */
function bomb(text: string, bytes: number): Buffer {
  const full = gzipSync(Buffer.alloc(megabyte, ' '));
  const padding = Math.max(0, bytes - Buffer.byteLength(text));
  const rest = gzipSync(Buffer.alloc(padding % megabyte, ' '));
  const members = Array.from({ length: Math.floor(padding / megabyte) }, () => full);
  return Buffer.concat([gzipSync(text.slice(0, 1) || ' '), ...members, rest, gzipSync(text.slice(1))]);
}

async function drip(
  { response, pause }: Sending,
  status: number,
  headers: Record<string, string>,
  bytes: Buffer,
  fault: Extract<Fault, { kind: 'drip' }>,
): Promise<void> {
  const step = fault.bytes ?? 1;
  response.writeHead(status, headers);
  for (let at = 0; at < bytes.length; at += step) {
    if (response.destroyed) return;
    response.write(bytes.subarray(at, at + step));
    if (!(await pause(fault.everyMs ?? 100))) return;
  }
  response.end();
}

/** The headers and half of the body; then silence, or a reset. */
function part(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  bytes: Buffer,
  then: 'hang' | 'reset',
): void {
  headers['Content-Length'] = String(Math.max(bytes.length, 2));
  response.writeHead(status, headers);
  response.write(bytes.length > 1 ? bytes.subarray(0, Math.floor(bytes.length / 2)) : ' ', () => {
    if (then === 'reset') reset(response);
  });
}
