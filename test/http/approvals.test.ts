// Proposals over HTTP: what people see of them, deciding one once, every refusal, and bodies that mean harm.
import { describe, expect, it } from 'vitest';
import { ToolFault, type DecisionAnswer } from '../../src/contract/agent-tools.ts';
import { StoreError } from '../../src/contract/store.ts';
import { TrackerError } from '../../src/contract/tracker.ts';
import { BULK_ID, COMMENT_ID, DECIDED_ID, EXPIRED_ID, MOVE_ID, proposal } from './fake-proposals.ts';
import { NOW_MS } from './fake-state.ts';
import { testServer, type TestServer } from './start-server.ts';
import { ANNA, bearer, BEN, json, settingsWith } from './users.ts';

async function decide(
  { server }: TestServer,
  id: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; code: string; message: string; body: Record<string, unknown> }> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const url = `/api/v1/approvals/${id}`;
  const answer = await server.inject({ method: 'POST', url, headers: { ...json, ...headers }, payload });
  const given = answer.json<{ error?: { code: string; message: string } }>();
  const { code = '', message = '' } = given.error ?? {};
  return { status: answer.statusCode, code, message, body: given as Record<string, unknown> };
}

describe('proposals', () => {
  it('are listed, pending ones first, with every field', async () => {
    const { server } = testServer();
    const { approvals, next_cursor } = (await server.inject('/api/v1/approvals')).json();
    expect(next_cursor).toBeNull();
    expect(approvals.map(({ id }: { id: string }) => id)).toEqual([
      BULK_ID,
      MOVE_ID,
      COMMENT_ID,
      DECIDED_ID,
      EXPIRED_ID,
    ]);
    expect(approvals[1]).toEqual({
      id: MOVE_ID,
      action: 'transition_issue',
      summary: 'Move SHOP-42 from In Progress to Done',
      details: { issueKey: 'SHOP-42', to: 'Done' },
      before: {
        at: '2026-11-22T09:24:00.000Z',
        state: 'In Progress',
        updated_at: '2026-11-22T09:10:00.000+0000',
        fields: {},
      },
      status: 'pending',
      group: '',
      rule: 'default for writes',
      run_id: '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11',
      issue_identifier: 'SHOP-42',
      target_identifier: 'SHOP-42',
      requested_at: '2026-11-22T09:24:00.000Z',
      expires_at: '2026-11-23T09:24:00.000Z',
      decided_by: null,
      decided_at: null,
      modifiedDetails: null,
      decisionNote: '',
      result: null,
      may_decide: true,
    });
    expect(approvals[0]).toMatchObject({ before: null, target_identifier: null });
    expect(approvals[3]).toMatchObject({ decided_by: 'anna', result: { status: 'done' }, may_decide: false });
  });

  it.each([
    ['status=pending', 3],
    ['status=expired', 1],
    ['identifier=shop-42', 2],
    ['run_id=nobody', 0],
    ['limit=2', 2],
  ])('are filtered by %s', async (query, count) => {
    const { server } = testServer();
    const { approvals } = (await server.inject(`/api/v1/approvals?${query}`)).json();
    expect(approvals).toHaveLength(count);
  });

  it('are read page by page', async () => {
    const { server } = testServer();
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await server.inject(`/api/v1/approvals?limit=2${after}`)).json();
      ids.push(...page.approvals.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    }
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });

  it.each(['status=open', 'limit=0', 'limit=501', 'limit=x', 'cursor=nonsense', 'stauts=pending', 'run_id='])(
    'refuse the query %s',
    async (query) => {
      const { server } = testServer();
      const answer = await server.inject(`/api/v1/approvals?${query}`);
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid_request']);
    },
  );

  it('are shown one by one, and unknown ones are not', async () => {
    const { server } = testServer();
    expect((await server.inject(`/api/v1/approvals/${BULK_ID}`)).json().details.issueCount).toBe(12);
    for (const id of ['7', MOVE_ID.slice(0, -1), '__proto__', 'constructor', '%00', 'x'.repeat(3_000)]) {
      const answer = await server.inject(`/api/v1/approvals/${id}`);
      expect([answer.statusCode, answer.json().error.code], id).toEqual([404, 'approval_not_found']);
    }
  });

  it('say whether the one who asks may decide them', async () => {
    const { server, daemon } = testServer({ settings: settingsWith() });
    const mayDecide = async (id: string, headers = {}): Promise<boolean> =>
      (await server.inject({ url: `/api/v1/approvals/${id}`, headers })).json<{ may_decide: boolean }>()
        .may_decide;
    expect(await mayDecide(BULK_ID)).toBe(false);
    expect(await mayDecide(BULK_ID, bearer(ANNA.token))).toBe(true);
    expect(await mayDecide(BULK_ID, bearer(BEN.token))).toBe(false);
    expect(await mayDecide(MOVE_ID, bearer(BEN.token))).toBe(true);
    expect(await mayDecide(MOVE_ID)).toBe(true);
    expect(await mayDecide(DECIDED_ID, bearer(ANNA.token))).toBe(false);
    daemon.tools.proposals = [proposal({ expiresAtMs: NOW_MS })];
    expect(await mayDecide(MOVE_ID)).toBe(false);
  });

  it('hold no secret, wherever an agent has put it', async () => {
    const secret = 'ATATT-very-secret';
    const { server, daemon } = testServer({ redact: (text) => text.replaceAll(secret, '[redacted]') });
    daemon.tools.proposals = [
      proposal({
        summary: secret,
        details: { issueKey: 'A-1', customFields: { deep: [{ er: `so ${secret}` }] } },
        before: { atMs: 0, state: secret, updatedAt: '', fields: { labels: [secret], priority: secret } },
        rule: secret,
        decisionNote: secret,
        modifiedDetails: { body: secret },
        result: { status: 'failed', message: secret, issues: [] },
      }),
    ];
    for (const url of ['/api/v1/approvals', `/api/v1/approvals/${MOVE_ID}`]) {
      const { body } = await server.inject(url);
      expect(body).not.toContain(secret);
      expect(body.split('[redacted]')).toHaveLength(10);
    }
    daemon.tools.answer = {
      kind: 'refused',
      code: 'invalid_details',
      message: `no ${secret}`,
      approval: null,
    };
    const told = await decide({ server, daemon, warnings: [] }, MOVE_ID, { status: 'approved' });
    expect(told.message).toBe('no [redacted]');
  });
});

describe('a decision', () => {
  it('is handed on with what was changed, the note and who made it', async () => {
    const made = testServer();
    const modifiedDetails = { issueCount: 4, priority: 'Medium', labels: null };
    const told = await decide(made, BULK_ID, {
      status: 'approved',
      modifiedDetails,
      decisionNote: ' four\nwill \u202edo ',
    });
    expect(told).toMatchObject({
      status: 200,
      body: { status: 'approved', decided_by: 'operator', modifiedDetails, decisionNote: 'four will do' },
    });
    expect(made.daemon.tools.decisions).toEqual([
      {
        id: BULK_ID,
        person: { name: 'operator', groups: null },
        modified: modifiedDetails,
        note: 'four will do',
      },
    ]);
  });

  it('needs no changes and no note', async () => {
    for (const body of [
      { status: 'rejected' },
      { status: 'approved', modifiedDetails: null, decisionNote: null },
      { status: 'rejected', modifiedDetails: {} },
    ]) {
      const made = testServer();
      expect((await decide(made, MOVE_ID, body)).body).toMatchObject({
        modifiedDetails: null,
        decisionNote: '',
      });
    }
  });

  it('is made once: of two at a time one is told what the other has decided', async () => {
    const made = testServer({ settings: settingsWith() });
    const told = await Promise.all([
      decide(made, MOVE_ID, { status: 'approved' }, bearer(ANNA.token)),
      decide(made, MOVE_ID, { status: 'rejected' }, bearer(BEN.token)),
    ]);
    const [won, lost] = told.sort((a, b) => a.status - b.status);
    expect([won?.status, lost?.status, lost?.code]).toEqual([200, 409, 'already_decided']);
    const { status, decided_by: by } = (won?.body ?? {}) as Record<string, string>;
    expect(lost?.message).toBe(`it is ${status} already, by ${by} at 2026-11-22T09:30:00.000Z`);
  });

  it('comes too late for what has expired, and says so', async () => {
    const told = await decide(testServer(), EXPIRED_ID, { status: 'approved' });
    expect(told).toMatchObject({
      status: 409,
      code: 'already_decided',
      message: 'it is expired already, by sortie at 2026-11-21T09:30:00.000Z',
    });
  });

  it('of a group’s proposal needs one of the group; the operator is none once there are users', async () => {
    const made = testServer({ settings: settingsWith() });
    for (const headers of [bearer(BEN.token), {}]) {
      const told = await decide(made, BULK_ID, { status: 'approved' }, headers);
      expect([told.status, told.code]).toEqual([403, 'not_in_group']);
    }
    expect(made.daemon.tools.pendingApprovals()).toBe(3);
    expect((await decide(made, BULK_ID, { status: 'rejected' }, bearer(ANNA.token))).body['decided_by']).toBe(
      'anna',
    );
    expect((await decide(made, MOVE_ID, { status: 'rejected' })).body['decided_by']).toBe('operator');
  });

  it.each<[DecisionAnswer | Error, number, string]>([
    [refusal('approval_not_found'), 404, 'approval_not_found'],
    [refusal('already_decided'), 409, 'already_decided'],
    [refusal('not_in_group'), 403, 'not_in_group'],
    [refusal('policy_denied'), 422, 'policy_denied'],
    [refusal('invalid_details'), 422, 'invalid_details'],
    [refusal('store_failed'), 503, 'store_failed'],
    [new StoreError('write_failed', 'disk full'), 503, 'store_failed'],
    [new ToolFault('invalid_arguments', 'to: expected text'), 422, 'invalid_details'],
    [
      new TrackerError({ kind: 'tracker_api_error', method: 'GET', path: '/user', detail: '503' }),
      502,
      'tracker_failed',
    ],
    [new Error('broken at /srv/secret'), 500, 'internal_error'],
  ])('that ends in %s is answered with %i %s', async (answer, status, code) => {
    const made = testServer();
    made.daemon.tools.answer = answer;
    const told = await decide(made, MOVE_ID, { status: 'approved' });
    expect([told.status, told.code]).toEqual([status, code]);
    expect(told.message).toMatch(/^[^\n]+$/);
    expect(told.message).not.toContain('/srv');
  });

  it('is not taken from another site’s page, nor from a form, nor by GET’s siblings', async () => {
    const made = testServer();
    const url = `/api/v1/approvals/${MOVE_ID}`;
    const body = { status: 'approved' };
    expect((await decide(made, MOVE_ID, body, { origin: 'https://attacker.example' })).code).toBe(
      'cross_origin_refused',
    );
    expect((await decide(made, MOVE_ID, body, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await decide(made, MOVE_ID, body, { 'content-type': 'text/plain' })).status).toBe(415);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      const answer = await made.server.inject({ method, url, headers: json });
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    }
    expect(made.daemon.tools.decisions).toEqual([]);
  });

  it('may be as large as what an agent may ask for, and no larger', async () => {
    const made = testServer();
    const ofSize = (size: number) => ({ status: 'approved', modifiedDetails: { body: 'x'.repeat(size) } });
    expect((await decide(made, MOVE_ID, ofSize(1_000_000))).status).toBe(200);
    expect((await decide(made, COMMENT_ID, ofSize(1_100_000))).code).toBe('payload_too_large');
  });

  const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['no status', '{}'],
    ['another status', '{"status":"expired"}'],
    ['a status in a list', '{"status":["approved"]}'],
    ['an unknown key', '{"status":"approved","by":"anna"}'],
    ['the name in snake case', '{"status":"approved","modified_details":{"to":"Done"}}'],
    ['changes in a list', '{"status":"approved","modifiedDetails":["Done"]}'],
    ['changes as text', '{"status":"approved","modifiedDetails":"{}"}'],
    ['changes to what is rejected', '{"status":"rejected","modifiedDetails":{"to":"Done"}}'],
    ['a note of another type', '{"status":"approved","decisionNote":{"toString":1}}'],
    ['a prototype', '{"status":"approved","__proto__":{"status":"approved"}}'],
    ['a prototype in the changes', '{"status":"approved","modifiedDetails":{"__proto__":{"to":"Done"}}}'],
    [
      'a constructor in the changes',
      '{"status":"approved","modifiedDetails":{"constructor":{"prototype":{}}}}',
    ],
    ['changes that are too deep', `{"status":"approved","modifiedDetails":${deep(20)}}`],
    ['changes that are absurdly deep', `{"status":"approved","modifiedDetails":${deep(150_000)}}`],
    ['lists that are absurdly deep', `{"status":"approved","modifiedDetails":{"a":${'['.repeat(400_000)}`],
    ['half of it', '{"status":"appr'],
    ['bytes', '\u0000\u0001'],
  ])('is refused in one line for %s', async (_, body) => {
    const made = testServer();
    const told = await decide(made, MOVE_ID, body);
    expect([told.status, told.code]).toEqual([400, 'invalid_request']);
    expect(told.message).toMatch(/^[^\n]{1,400}$/);
    expect([made.daemon.tools.decisions, made.warnings]).toEqual([[], []]);
  });
});

function refusal(code: Extract<DecisionAnswer, { kind: 'refused' }>['code']): DecisionAnswer {
  return { kind: 'refused', code, message: 'because of\nthis', approval: null };
}
