// The OpenAPI document describes every route and every answer, and what the server really answers fits it.
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { DAEMON_CONTROLS, ISSUE_CONTROLS } from '../../src/contract/controls.ts';
import { errorCodes } from '../../src/http/error-codes.ts';
import { historyRun, running, snapshot } from './fake-daemon.ts';
import { BULK_ID, DECIDED_ID } from './fake-proposals.ts';
import { testServer, type TestServer } from './start-server.ts';

interface Operation {
  summary?: string;
  requestBody?: { content: Record<string, { schema: object }> };
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

/** By a JSON Schema implementation that is not the one which wrote the document. */
function validator(schema: object) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  const isTime = (text: string): boolean => new Date(text).toISOString() === text;
  ajv.addFormat('date-time', isTime).addFormat('date', /^\d{4}-\d\d-\d\d$/);
  return ajv.compile(resolved(schema));
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
        'GET /api/v1/approvals',
        'GET /api/v1/approvals/{id}',
        'GET /api/v1/audit',
        'GET /api/v1/audit/head',
        'GET /api/v1/audit/verify',
        'GET /api/v1/events',
        'GET /api/v1/history',
        'GET /api/v1/history.csv',
        'GET /api/v1/issues/{identifier}',
        'GET /api/v1/issues/{identifier}/explain',
        'GET /api/v1/issues/{identifier}/timeline',
        'GET /api/v1/me',
        'GET /api/v1/openapi.json',
        'GET /api/v1/operator-actions',
        'GET /api/v1/outbox',
        'GET /api/v1/runs/{runId}/prompts',
        'GET /api/v1/runs/{runId}/transcript',
        'GET /api/v1/samples',
        'GET /api/v1/settings',
        'GET /api/v1/state',
        'GET /api/v1/stats',
        'GET /api/v1/tools',
        'GET /api/v1/{identifier}',
        'GET /approvals',
        'GET /approvals/{id}',
        'GET /charts',
        'GET /health',
        'GET /history',
        'GET /issues/{identifier}',
        'GET /livez',
        'GET /login',
        'GET /metrics',
        'GET /readyz',
        'GET /tools',
        'POST /api/v1/approvals/{id}',
        'POST /api/v1/refresh',
        'POST /api/v1/tools/policy',
        'POST /api/v1/tools/refresh',
        'POST /login',
        'POST /logout',
        ...DAEMON_CONTROLS.map((control) => `POST /api/v1/${control}`),
        ...ISSUE_CONTROLS.map((control) => `POST /api/v1/issues/{identifier}/${control}`),
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
      'Accepted',
      'Approval',
      'Approvals',
      'Audit',
      'AuditHead',
      'AuditVerdict',
      'Dispatch',
      'Error',
      'Explanation',
      'History',
      'HistoryRun',
      'Issue',
      'Liveness',
      'Me',
      'OperatorActions',
      'Outbox',
      'OutboxWrite',
      'Parked',
      'Pause',
      'PolicyAnswer',
      'Prompts',
      'RateLimits',
      'Readiness',
      'Refresh',
      'Retrying',
      'Running',
      'Samples',
      'SchemaRead',
      'Session',
      'Settings',
      'State',
      'Stats',
      'StatsRow',
      'Timeline',
      'TimelineEntry',
      'Tokens',
      'Tools',
      'TranscriptLine',
      'Waiting',
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

  const paused = (): void => {
    made.daemon.controlAnswer = { kind: 'refused', code: 'invalid_state', message: 'it is paused already' };
  };
  const trackerDown = (): void => {
    made.daemon.controlAnswer = { kind: 'refused', code: 'tracker_failed', message: 'timeout' };
    made.daemon.explainAnswer = { kind: 'failed', code: 'tracker_failed', message: 'timeout' };
  };
  const storeDown = (): void => {
    made.daemon.controlAnswer = { kind: 'refused', code: 'store_failed', message: 'disk full' };
  };
  const willing = (): void => {
    made.daemon.controlAnswer = { kind: 'accepted', message: 'so be it' };
  };
  const tampered = (): void => {
    made.daemon.tools.verdict = { kind: 'broken', seq: 3, problem: 'its hash does not fit' };
  };
  const RUN = '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11';
  const of42 = '/api/v1/issues/SHOP-42';

  const cases: readonly (readonly ['GET' | 'POST', string, string, number, () => void])[] = [
    ['GET', '/api/v1/state', '/api/v1/state', 200, full],
    ['GET', '/api/v1/state', '/api/v1/state', 503, unavailable],
    ['GET', '/api/v1/history', '/api/v1/history', 200, full],
    ['GET', '/api/v1/history', '/api/v1/history?limit=no', 400, full],
    ['GET', '/api/v1/history', '/api/v1/history', 500, broken],
    ['GET', '/api/v1/history.csv', '/api/v1/history.csv', 200, full],
    ['GET', '/api/v1/history.csv', '/api/v1/history.csv?since=x', 400, full],
    ['GET', '/api/v1/history.csv', '/api/v1/history.csv', 500, broken],
    ['GET', '/api/v1/{identifier}', '/api/v1/SHOP-12', 200, full],
    ['GET', '/api/v1/{identifier}', '/api/v1/NOPE', 404, full],
    ...['SHOP-12', 'SHOP-42', 'SHOP-57', 'SHOP-31', 'SHOP-64'].map(
      (key) => ['GET', '/api/v1/issues/{identifier}', `/api/v1/issues/${key}`, 200, full] as const,
    ),
    ['GET', '/api/v1/issues/{identifier}', `/api/v1/issues/${'x'.repeat(9_000)}`, 414, full],
    ['GET', '/api/v1/issues/{identifier}/explain', `${of42}/explain`, 200, full],
    ['GET', '/api/v1/issues/{identifier}/explain', '/api/v1/issues/NOPE/explain', 200, full],
    ['GET', '/api/v1/issues/{identifier}/explain', `${of42}/explain`, 502, trackerDown],
    ['GET', '/api/v1/issues/{identifier}/timeline', `${of42}/timeline`, 200, full],
    ['GET', '/api/v1/issues/{identifier}/timeline', `${of42}/timeline?limit=0`, 400, full],
    ['GET', '/api/v1/issues/{identifier}/timeline', '/api/v1/issues/NOPE/timeline', 404, full],
    ['GET', '/api/v1/runs/{runId}/prompts', `/api/v1/runs/${RUN}/prompts`, 200, full],
    ['GET', '/api/v1/runs/{runId}/prompts', '/api/v1/runs/7/prompts', 404, full],
    ['GET', '/api/v1/stats', '/api/v1/stats?since=-60d', 200, full],
    ['GET', '/api/v1/stats', '/api/v1/stats?bucket=none&group=label', 200, full],
    ['GET', '/api/v1/stats', '/api/v1/stats?bucket=minute', 400, full],
    ['GET', '/api/v1/samples', '/api/v1/samples', 200, full],
    ['GET', '/api/v1/samples', '/api/v1/samples?until=x', 400, full],
    ['GET', '/api/v1/operator-actions', '/api/v1/operator-actions', 200, full],
    ['GET', '/api/v1/settings', '/api/v1/settings', 200, full],
    ['GET', '/api/v1/runs/{runId}/transcript', `/api/v1/runs/${RUN}/transcript?follow=false`, 200, full],
    ['GET', '/api/v1/runs/{runId}/transcript', '/api/v1/runs/7/transcript', 404, full],
    ['GET', '/api/v1/runs/{runId}/transcript', '/api/v1/runs/7/transcript?after=-1', 400, full],
    ...DAEMON_CONTROLS.flatMap((control) => {
      const path = `/api/v1/${control}`;
      return [
        ['POST', path, path, 202, willing],
        ['POST', path, path, 409, paused],
        ['POST', path, path, 503, storeDown],
      ] as const;
    }),
    ...ISSUE_CONTROLS.flatMap((control) => {
      const path = `/api/v1/issues/{identifier}/${control}`;
      return [
        ['POST', path, `${of42}/${control}`, 202, willing],
        ['POST', path, `${of42}/${control}`, 409, paused],
        ['POST', path, `${of42}/${control}`, 502, trackerDown],
        ['POST', path, `/api/v1/issues/NOPE/${control}`, 404, full],
      ] as const;
    }),
    ['POST', '/api/v1/refresh', '/api/v1/refresh', 202, full],
    ['POST', '/api/v1/refresh', '/api/v1/refresh', 409, draining],
    ['GET', '/api/v1/approvals', '/api/v1/approvals', 200, full],
    ['GET', '/api/v1/approvals', '/api/v1/approvals?status=open', 400, full],
    ['GET', '/api/v1/approvals/{id}', `/api/v1/approvals/${BULK_ID}`, 200, full],
    ['GET', '/api/v1/approvals/{id}', '/api/v1/approvals/7', 404, full],
    ['POST', '/api/v1/approvals/{id}', `/api/v1/approvals/${BULK_ID}`, 400, full],
    ['GET', '/api/v1/outbox', '/api/v1/outbox?status=all', 200, full],
    ['GET', '/api/v1/outbox', '/api/v1/outbox?limit=501', 400, full],
    ['GET', '/api/v1/audit', '/api/v1/audit?limit=2', 200, full],
    ['GET', '/api/v1/audit', '/api/v1/audit?after=x', 400, full],
    ['GET', '/api/v1/audit/head', '/api/v1/audit/head', 200, full],
    ['GET', '/api/v1/audit/verify', '/api/v1/audit/verify', 200, full],
    ['GET', '/api/v1/audit/verify', '/api/v1/audit/verify', 200, tampered],
    ['GET', '/api/v1/tools', '/api/v1/tools', 200, full],
    ['GET', '/api/v1/me', '/api/v1/me', 200, full],
    ['POST', '/api/v1/tools/refresh', '/api/v1/tools/refresh', 202, full],
    ['POST', '/api/v1/tools/policy', '/api/v1/tools/policy', 400, full],
    ['POST', '/login', '/login', 400, full],
    ['POST', '/logout', '/logout', 200, full],
    ...['/', '/history', '/approvals', '/tools', '/charts', '/health', '/login'].map(
      (path) => ['GET', path, path, 200, full] as const,
    ),
    ['GET', '/issues/{identifier}', '/issues/SHOP-42', 200, full],
    ['GET', '/approvals/{id}', `/approvals/${BULK_ID}`, 200, full],
    ['GET', '/livez', '/livez', 200, full],
    ['GET', '/livez', '/livez', 503, draining],
    ['GET', '/readyz', '/readyz', 200, full],
    ['GET', '/readyz', '/readyz', 503, draining],
    ['GET', '/metrics', '/metrics', 200, full],
    ['GET', '/api/v1/openapi.json', '/api/v1/openapi.json', 200, full],
  ];

  it.each(cases)('fits %s %s: %s gives %i', async (method, path, url, status, arrange) => {
    arrange();
    const answer = await made.server.inject({ method, url, ...(method === 'POST' ? { headers: json } : {}) });
    expect(answer.statusCode).toBe(status);
    const content = operation(method, path).responses[status]?.content ?? {};
    const type = String(answer.headers['content-type']).split(';')[0] ?? '';
    expect(Object.keys(content)).toContain(type);
    const isJson = type === 'application/json';
    const bodies: unknown[] = type.endsWith('ndjson')
      ? answer.body
          .trimEnd()
          .split('\n')
          .map((line): unknown => JSON.parse(line))
      : [isJson ? answer.json() : answer.body];
    expect(bodies.length).toBeGreaterThan(0);
    const fits = validator(content[type]?.schema ?? {});
    for (const body of bodies) {
      expect(fits(body), JSON.stringify(fits.errors)).toBe(true);
    }
    // A schema that takes anything would prove nothing.
    expect(fits(42)).toBe(false);
  });

  it('is held to every route that it names', () => {
    // A stream has no end that a request without a socket could wait for; signing in is tried over a real one; what
    // needs a body has its own tests below.
    const elsewhere = new Set([
      'GET /api/v1/events',
      'POST /login',
      'POST /api/v1/approvals/{id}',
      'POST /api/v1/tools/policy',
    ]);
    const good = new Set(
      cases.filter(([, , , status]) => status < 300).map(([method, path]) => `${method} ${path}`),
    );
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations)) {
        const name = `${method.toUpperCase()} ${path}`;
        if (!elsewhere.has(name)) expect(good, name).toContain(name);
      }
    }
  });

  it.each([
    [`/api/v1/approvals/${BULK_ID}`, '/api/v1/approvals/{id}', { status: 'rejected' }, 200],
    [`/api/v1/approvals/${DECIDED_ID}`, '/api/v1/approvals/{id}', { status: 'approved' }, 409],
    ['/api/v1/tools/policy', '/api/v1/tools/policy', { operation: 'add_comment' }, 200],
  ])('fits POST %s of %s with %j', async (url, path, payload, status) => {
    const answer = await made.server.inject({ method: 'POST', url, payload });
    expect(answer.statusCode).toBe(status);
    const { requestBody, responses } = operation('POST', path);
    const fits = validator(responses[status]?.content?.['application/json']?.schema ?? {});
    expect(fits(answer.json()), JSON.stringify(fits.errors)).toBe(true);
    const takes = validator(requestBody?.content['application/json']?.schema ?? {});
    expect([takes(payload), takes({ ...payload, more: 1 }), takes({}), takes([])]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('says what the bodies of words are, and refuses the same ones as the server', () => {
    const { requestBody } = operation('POST', '/api/v1/issues/{identifier}/cancel');
    const fits = validator(requestBody?.content['application/json']?.schema ?? {});
    expect([fits({}), fits(null), fits({ reason: 'x', by: 'anna' })]).toEqual([true, true, true]);
    expect([fits({ reson: 'x' }), fits({ reason: 5 }), fits([])]).toEqual([false, false, false]);
  });
});
