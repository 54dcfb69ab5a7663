// The OpenAPI document describes every route and every answer, and what the server really answers fits it.
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodes } from '../../src/http/error-codes.ts';
import { historyRun, running, snapshot } from './fake-daemon.ts';
import { testServer, type TestServer } from './start-server.ts';

interface Operation {
  summary?: string;
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  components: { schemas: Record<string, object> };
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
}

const json = { 'content-type': 'application/json' };

let made: TestServer;
let document: Document;

beforeEach(async () => {
  made = testServer({ pageDirectory: fileURLToPath(new URL('../../src/dashboard', import.meta.url)) });
  document = (await made.server.inject('/api/v1/openapi.json')).json();
});

function operation(method: string, path: string): Operation {
  const found = document.paths[path]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`${method} ${path} is not in the document`);
  return found;
}

/** The schema with every `$ref` replaced by what it names. */
function resolved(schema: unknown): never {
  if (Array.isArray(schema)) return schema.map(resolved) as never;
  if (typeof schema !== 'object' || schema === null) return schema as never;
  const { $ref, ...rest } = schema as { $ref?: string };
  if ($ref === undefined) {
    return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, resolved(value)])) as never;
  }
  const named = document.components.schemas[$ref.replace('#/components/schemas/', '')];
  if (named === undefined) throw new Error(`${$ref} is not in the document`);
  return resolved({ ...named, ...rest });
}

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 and names the version of the program', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '0.1.0' } });
  });

  it('lists the routes of the contract', () => {
    const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual(
      [
        'GET /',
        'GET /api/v1/events',
        'GET /api/v1/history',
        'GET /api/v1/issues/{identifier}',
        'GET /api/v1/openapi.json',
        'GET /api/v1/runs/{runId}/transcript',
        'GET /api/v1/state',
        'GET /api/v1/{identifier}',
        'GET /livez',
        'GET /metrics',
        'GET /readyz',
        'POST /api/v1/refresh',
      ].sort(),
    );
  });

  it('says of every route what it is for, and of every answer what it means and how it looks', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { summary, responses }] of Object.entries(operations)) {
        expect(summary, `${method} ${path}`).toBeTruthy();
        expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
        for (const [status, { description, content }] of Object.entries(responses)) {
          expect(description, `${method} ${path} ${status}`).toMatch(/\w/);
          expect(Object.keys(content ?? {}), `${method} ${path} ${status}`).not.toHaveLength(0);
        }
      }
    }
  });

  it('names its shapes, each once, and refers to them', () => {
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'Error',
      'History',
      'HistoryRun',
      'Issue',
      'Liveness',
      'Parked',
      'Pause',
      'RateLimits',
      'Readiness',
      'Refresh',
      'Retrying',
      'Running',
      'State',
      'Tokens',
      'TranscriptLine',
    ]);
    expect(() => resolved(document.paths)).not.toThrow();
  });

  it('gives each error of a route under its own status', () => {
    const statuses = new Set(
      Object.values(document.paths).flatMap((operations) =>
        Object.values(operations).flatMap(({ responses }) => Object.keys(responses).map(Number)),
      ),
    );
    // These belong to no operation: no such path or method, and failures before there is a request.
    const nowhere = new Set(['not_found', 'method_not_allowed', 'request_timeout', 'headers_too_large']);
    for (const [code, { status }] of Object.entries(errorCodes)) {
      if (!nowhere.has(code)) expect(statuses, code).toContain(status);
    }
  });

  const full = (): void => {
    made.daemon.snapshot = snapshot({ running: [running(), running({ runId: null, phase: 'checking' })] });
    made.daemon.runs = [historyRun(), historyRun({ status: 'failed', error: 'x', costUsd: null })];
  };
  const unavailable = (): void => {
    made.daemon.snapshot = null;
  };
  const draining = (): void => {
    made.daemon.draining = true;
  };
  const broken = (): void => {
    made.daemon.store.history = () => Promise.reject(new Error('broken'));
  };

  it.each([
    ['GET', '/api/v1/state', '/api/v1/state', 200, full],
    ['GET', '/api/v1/state', '/api/v1/state', 503, unavailable],
    ['GET', '/api/v1/history', '/api/v1/history', 200, full],
    ['GET', '/api/v1/history', '/api/v1/history?limit=no', 400, full],
    ['GET', '/api/v1/history', '/api/v1/history', 500, broken],
    ['GET', '/api/v1/{identifier}', '/api/v1/SHOP-12', 200, full],
    ['GET', '/api/v1/{identifier}', '/api/v1/NOPE', 404, full],
    ['GET', '/api/v1/issues/{identifier}', '/api/v1/issues/SHOP-12', 200, full],
    ['GET', '/api/v1/issues/{identifier}', `/api/v1/issues/${'x'.repeat(9_000)}`, 414, full],
    ['GET', '/api/v1/runs/{runId}/transcript', '/api/v1/runs/7/transcript', 404, full],
    ['GET', '/api/v1/runs/{runId}/transcript', '/api/v1/runs/7/transcript?after=-1', 400, full],
    ['POST', '/api/v1/refresh', '/api/v1/refresh', 202, full],
    ['POST', '/api/v1/refresh', '/api/v1/refresh', 409, draining],
    ['GET', '/', '/', 200, full],
    ['GET', '/livez', '/livez', 200, full],
    ['GET', '/livez', '/livez', 503, draining],
    ['GET', '/readyz', '/readyz', 200, full],
    ['GET', '/readyz', '/readyz', 503, draining],
    ['GET', '/metrics', '/metrics', 200, full],
    ['GET', '/api/v1/openapi.json', '/api/v1/openapi.json', 200, full],
  ] as const)('fits %s %s: %s gives %i', async (method, path, url, status, arrange) => {
    arrange();
    const answer = await made.server.inject({ method, url, ...(method === 'POST' ? { headers: json } : {}) });
    expect(answer.statusCode).toBe(status);
    const [[mediaType, { schema }] = ['', { schema: {} }]] = Object.entries(
      operation(method, path).responses[status]?.content ?? {},
    );
    expect(String(answer.headers['content-type'])).toContain(mediaType);
    const body: unknown = mediaType === 'application/json' ? answer.json() : answer.body;
    expect(z.fromJSONSchema(resolved(schema)).safeParse(body).error).toBeUndefined();
    // A schema that takes anything would prove nothing.
    expect(z.fromJSONSchema(resolved(schema)).safeParse(42).success).toBe(false);
  });
});
