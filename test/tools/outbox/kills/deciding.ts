// An agent's order on its way to the outbox as the daemon takes it: names are looked up, it becomes a proposal, a person
// allows it. Taken up where the process before this one was cut off.

import type { Approval } from '../../../../src/contract/approval.ts';
import type { Issue } from '../../../../src/contract/issue.ts';
import type { Settings } from '../../../../src/contract/settings.ts';
import { createApprovals, type Approvals } from '../../../../src/tools/approvals/approvals.ts';
import { propose, proposalChanges, type ProposedBy } from '../../../../src/tools/approvals/proposal.ts';
import { auditFacts } from '../../../../src/tools/audit-facts.ts';
import { judgeForPerson } from '../../../../src/tools/calls/judge.ts';
import { checkNow } from '../../../../src/tools/fresh-check.ts';
import { checkAction } from '../../../../src/tools/operations/details.ts';
import type { Outbox, ToolsParts } from '../../../../src/tools/ports.ts';
import type { Ground } from '../../../../src/tools/resolve/ground.ts';
import { resolveAction } from '../../../../src/tools/resolve/resolve-action.ts';
import { toolSettings } from '../../../workflow/tool-settings.ts';
import type { Order } from './stream.ts';

export const SCOPE = ['PROJ'];
const PERSON = { name: 'ann', groups: null };
const APPROVE = { status: 'approved', modifiedDetails: {}, decisionNote: '' } as const;

/** Those of a workflow file that says nothing of tools: every write waits for a person. */
export function settingsInForce(): Settings {
  return { tools: toolSettings(), tracker: { project: 'PROJ' }, notifications: [] } as unknown as Settings;
}

export interface Deciding {
  readonly approvals: Approvals;
  /** Each line of them in its order. Resolves when all are settled, with what went wrong. */
  carryOut(orders: readonly Order[]): Promise<readonly string[]>;
}

export function createDeciding(parts: ToolsParts, outbox: Outbox): Deciding {
  const { tracker, ledger, clock, settings, redact } = parts;
  const { signal } = new AbortController();
  const note = auditFacts({ nowMs: () => clock.nowMs(), redact });
  const groundOf = (own: Order['own']): Ground => ({
    ...{ tracker, own, signal, schema: null, scope: SCOPE, agentKind: 'mock' },
    nowMs: clock.nowMs(),
  });
  const approvals = createApprovals({
    ...{ ...parts, outbox, note },
    judge: {
      redact,
      ground: ({ issueId, issueIdentifier }) =>
        Promise.resolve(groundOf({ id: issueId, identifier: issueIdentifier })),
      policy: (facts) => judgeForPerson(settings().tools, facts),
      check: (write, before, { own, nowMs }) =>
        checkNow(write, before, { tracker, scope: SCOPE, nowMs, signal, ownId: own.id }),
    },
  });

  async function ask({ id, own, action }: Order): Promise<Approval> {
    const resolved = await resolveAction(checkAction(action.operation, action.details), groundOf(own));
    const verdict = judgeForPerson(settings().tools, resolved.facts);
    if (verdict.decision !== 'approve') throw new Error(`${action.operation} needs no person`);
    const by: ProposedBy = {
      ...{ runId: 'run', agentKind: 'mock' },
      issue: { ...own, title: '', url: '' } as Issue,
    };
    const at = { nowMs: clock.nowMs(), settings: settings().tools };
    const approval = propose(id, resolved, verdict, by, at);
    await ledger.apply(proposalChanges(approval, by, { destinations: [], note }));
    approvals.added(approval);
    return approval;
  }

  /** From wherever it stands. Its end is not waited for here. */
  async function begin(order: Order): Promise<{ readonly end: Promise<string | null> }> {
    const approval = (await ledger.approval(order.id)) ?? (await ask(order));
    if (approval.status === 'pending') {
      const answer = await approvals.decide(order.id, APPROVE, PERSON);
      if (answer.kind === 'refused') return { end: Promise.resolve(wrong(approval, answer.message)) };
    }
    if (approval.result?.status === 'done') return { end: Promise.resolve(null) };
    return { end: howItEnds(approval) };
  }

  async function howItEnds(approval: Approval): Promise<string | null> {
    const settled = await approvals.whenSettled(approval.id, signal);
    const { status, message } = settled?.result ?? { status: 'lost', message: '' };
    return status === 'done' ? null : wrong(approval, `${status}: ${message}`);
  }

  return {
    approvals,
    async carryOut(orders) {
      const ends: Promise<string | null>[] = [];
      const lines = [...new Set(orders.map(({ line }) => line))].map(async (line) => {
        for (const order of orders) {
          if (order.line === line) ends.push((await begin(order)).end);
        }
      });
      await Promise.all(lines);
      return (await Promise.all(ends)).filter((one) => one !== null);
    },
  };
}

function wrong({ action }: Approval, what: string): string {
  return `${action} is not done: ${what}`;
}
