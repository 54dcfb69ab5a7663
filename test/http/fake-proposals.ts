// What the fake tools show: a bulk creation, a transition and a comment that wait, two that were decided, and writes of
// every kind of fate.

import type { ToolListing } from '../../src/contract/agent-tools.ts';
import type { Approval } from '../../src/contract/approval.ts';
import type { OutboxWrite } from '../../src/contract/outbox.ts';
import { NOW_MS } from './fake-state.ts';

export const BULK_ID = '0b4f1c2e-6a55-4a3a-9f0e-1d2c3b4a5f60';
export const MOVE_ID = '1c5e2d3f-7b66-4b4b-8a1f-2e3d4c5b6a71';
export const COMMENT_ID = '2d6f3e40-8c77-4c5c-9b20-3f4e5d6c7b82';
export const DECIDED_ID = '3e705f51-9d88-4d6d-8c31-405f6e7d8c93';
export const EXPIRED_ID = '4f816062-ae99-4e7e-9d42-51607f8e9da4';

const RUN = '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export function proposal(over: Partial<Approval> = {}): Approval {
  return {
    id: MOVE_ID,
    action: 'transition_issue',
    summary: 'Move SHOP-42 from In Progress to Done',
    details: { issueKey: 'SHOP-42', to: 'Done' },
    before: {
      atMs: NOW_MS - 6 * MINUTE_MS,
      state: 'In Progress',
      updatedAt: '2026-11-22T09:10:00.000+0000',
      fields: {},
    },
    status: 'pending',
    group: '',
    rule: 'default for writes',
    runId: RUN,
    issueId: '10042',
    issueIdentifier: 'SHOP-42',
    targetIdentifier: 'SHOP-42',
    requestedAtMs: NOW_MS - 6 * MINUTE_MS,
    expiresAtMs: NOW_MS + DAY_MS - 6 * MINUTE_MS,
    decidedBy: '',
    decidedAtMs: null,
    modifiedDetails: null,
    decisionNote: '',
    result: null,
    toldRunId: null,
    ...over,
  };
}

export function proposals(): Approval[] {
  return [
    proposal({
      id: BULK_ID,
      action: 'create_issues',
      summary: 'Create 12 issues (Bug) in SHOP',
      details: {
        projectKey: 'SHOP',
        issueType: 'Bug',
        priority: 'High',
        labels: ['error-log-triage'],
        issueCount: 12,
        issues: Array.from({ length: 12 }, (_, index) => ({
          summary: `Timeout in the nightly import, part ${index + 1}`,
          description: `Seen ${index + 3} times.\n\n- first at 02:0${index % 10}`,
        })),
      },
      before: null,
      group: 'leads',
      rule: 'rule 1 (bulk)',
      targetIdentifier: '',
      requestedAtMs: NOW_MS - 22 * MINUTE_MS,
      expiresAtMs: NOW_MS + DAY_MS - 22 * MINUTE_MS,
    }),
    proposal(),
    proposal({
      id: COMMENT_ID,
      action: 'update_issue',
      summary: 'Set priority, labels and description of SHOP-57',
      details: {
        issueKey: 'SHOP-57',
        priority: 'Low',
        labels: ['import', 'suppliers'],
        description: 'Fails on an empty line.\n\nSkip such lines.',
      },
      before: {
        atMs: NOW_MS - 2 * MINUTE_MS,
        state: 'To Do',
        updatedAt: '2026-11-22T08:00:00.000+0000',
        fields: { priority: 'Medium', labels: ['import'], description: 'Fails on an empty line.\n\nWhy?' },
      },
      issueId: '10057',
      issueIdentifier: 'SHOP-57',
      targetIdentifier: 'SHOP-57',
      requestedAtMs: NOW_MS - 2 * MINUTE_MS,
    }),
    proposal({
      id: DECIDED_ID,
      action: 'add_comment',
      summary: 'Comment on SHOP-31',
      details: { issueKey: 'SHOP-31', body: 'The tax service refuses these invoices.' },
      status: 'approved',
      issueIdentifier: 'SHOP-31',
      targetIdentifier: 'SHOP-31',
      decidedBy: 'anna',
      decidedAtMs: NOW_MS - 40 * MINUTE_MS,
      modifiedDetails: { body: 'The tax service refuses three of these invoices.' },
      decisionNote: 'said how many',
      result: { status: 'done', message: 'commented', issues: ['SHOP-31'] },
      toldRunId: RUN,
    }),
    proposal({
      id: EXPIRED_ID,
      action: 'assign_issue',
      summary: 'Assign SHOP-12 to nobody',
      details: { issueKey: 'SHOP-12', assignee: null },
      status: 'expired',
      issueIdentifier: 'SHOP-12',
      targetIdentifier: 'SHOP-12',
      requestedAtMs: NOW_MS - 2 * DAY_MS,
      expiresAtMs: NOW_MS - DAY_MS,
      decidedBy: 'sortie',
      decidedAtMs: NOW_MS - DAY_MS,
    }),
  ];
}

export function outboxWrite(over: Partial<OutboxWrite> = {}): OutboxWrite {
  const issue = { id: '10042', identifier: 'SHOP-42' };
  return {
    id: 'a1b2c3d4-0000-4000-8000-000000000001',
    seq: 41,
    lane: 'issue:10042',
    origin: 'agent',
    runId: RUN,
    issue,
    runIssue: issue,
    approvalId: null,
    write: {
      operation: 'add_comment',
      issue,
      body: 'The voucher is kept now; the test is in voucher.test.ts.',
    },
    before: null,
    status: 'waiting',
    tries: 1,
    requestedAtMs: NOW_MS - 3 * MINUTE_MS,
    sentAtMs: NOW_MS - 2 * MINUTE_MS,
    dueAtMs: NOW_MS + MINUTE_MS,
    endedAtMs: null,
    detail: 'tracker: tracker_api_error: POST /comment: 503; sent again when it is due',
    result: null,
    ...over,
  };
}

export function openWrites(): OutboxWrite[] {
  const other = { id: '10057', identifier: 'SHOP-57' };
  return [
    outboxWrite(),
    outboxWrite({
      id: 'a1b2c3d4-0000-4000-8000-000000000002',
      seq: 42,
      origin: 'orchestrator',
      lane: 'issue:10057',
      issue: other,
      runIssue: other,
      write: { operation: 'transition_issue', issue: other, toState: 'In Review', from: [], transition: '' },
      status: 'unsure',
      detail: 'its answer was lost: looked up first',
      dueAtMs: null,
    }),
    outboxWrite({
      id: 'a1b2c3d4-0000-4000-8000-000000000003',
      seq: 40,
      status: 'done',
      detail: '',
      dueAtMs: null,
      endedAtMs: NOW_MS - MINUTE_MS,
      write: { operation: 'add_labels', issue: other, labels: ['import', 'suppliers'] },
      issue: other,
      result: { issue: other, entryId: '', url: 'https://jira.example/browse/SHOP-57', wasThere: false },
    }),
  ];
}

export function listing(): ToolListing {
  return {
    tools: [
      {
        name: 'tracker_api',
        title: 'Tracker',
        description: 'Reads and writes the issues of the tracker.',
        input: { type: 'object', properties: { operation: { type: 'string', enum: ['fetch_issue'] } } },
        operations: ['fetch_issue', 'transition_issue'],
      },
      {
        name: 'notify_operator',
        title: 'Message',
        description: 'Sends a message to people.',
        input: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
        operations: ['notify_operator'],
      },
    ],
    settings: {
      enabled: true,
      readDefault: 'allow',
      writeDefault: 'approve',
      rules: [
        {
          number: 1,
          name: 'bulk',
          operations: ['create_issues'],
          decision: 'approve',
          group: 'leads',
          to: null,
          when: { priority: ['high', 'highest'] },
          limit: null,
        },
        {
          number: 2,
          name: '',
          operations: ['transition_issue'],
          decision: 'deny',
          group: '',
          to: ['done'],
          when: {},
          limit: { count: 5, per: 'run' },
        },
      ],
      projects: ['SHOP'],
      approval: { timeoutMs: DAY_MS, onTimeout: 'expire', waitMs: MINUTE_MS },
      maxMessagesPerRun: 5,
      callsPerMinute: 300,
      auditRetentionDays: 365,
    },
    schemaAtMs: NOW_MS - 30 * MINUTE_MS,
    schemaError: '',
    url: 'http://127.0.0.1:41877/mcp',
  };
}
