// What the HTTP API and the commands may ask of the tools, as one object: reads go to the ledger, decisions to the
// approvals. Decides nothing itself.

import type { ToolsView } from '../contract/agent-tools.ts';
import type { ToolLedger } from '../contract/tool-ledger.ts';
import type { Approvals } from './approvals/approvals.ts';
import type { EngineTool } from './calls/tool.ts';
import { explainPolicy } from './explain-policy.ts';
import { offeredTool } from './generic/offered.ts';
import type { CreateToolsParts } from './parts.ts';
import type { Outbox, ToolListener } from './ports.ts';
import type { RuleUses } from './rule-use.ts';
import type { SchemaCache } from './schema-cache.ts';

export function toolsView(parts: {
  readonly ledger: ToolLedger;
  readonly approvals: Approvals;
  readonly outbox: Outbox;
  readonly schema: SchemaCache;
  readonly uses: RuleUses;
  readonly tools: ReadonlyMap<string, EngineTool>;
  readonly listener: () => ToolListener | null;
  readonly settings: CreateToolsParts['settings'];
  readonly verifyAudit: ToolsView['verifyAudit'];
}): ToolsView {
  const { ledger, approvals, outbox, schema, uses } = parts;
  return {
    approvals: (query) => ledger.approvals(query),
    approval: (id) => approvals.read(id),
    decide: (id, decision, person) => approvals.decide(id, decision, person),
    pendingApprovals: () => approvals.pending(),
    outbox: (query) => ledger.writes(query),
    openWrites: () => outbox.open(),
    auditHead: () => ledger.auditHead(),
    audit: (afterSeq, limit) => ledger.audit({ afterSeq, limit }),
    verifyAudit: parts.verifyAudit,
    listing() {
      const known = schema.known();
      return {
        tools: [...parts.tools.values()].map((tool) => {
          const { name, title, description, input } = offeredTool(tool, known);
          return { name, title, description, input, operations: tool.operations };
        }),
        settings: parts.settings().tools,
        schemaAtMs: schema.atMs,
        schemaError: schema.error,
        url: parts.listener()?.url ?? '',
      };
    },
    refreshSchema: (signal) => schema.refresh(signal),
    async explainPolicy(question) {
      const names = question.operation === 'link_issues' ? await schema.soon() : null;
      const { tools, agent } = parts.settings();
      const use = uses.of('', new Map());
      return explainPolicy(question, { settings: tools, agentKind: agent.kind, use, schema: names });
    },
    onChange(listener) {
      const stops = [approvals.onChange(() => listener()), outbox.onChange(() => listener())];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
