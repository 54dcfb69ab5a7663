// `notify_operator`: an agent's word to people, through the destinations that list `agent_message`. Capped for each run,
// because it is the one thing that reaches people unasked.

import { z } from 'zod';
import { refused, storeFailed } from '../calls/outcome.ts';
import type { EngineTool } from '../calls/tool.ts';
import { notificationRows } from '../notifications.ts';
import { oneLine } from '../one-line.ts';
import type { ToolsParts } from '../ports.ts';

const MESSAGE_LIMIT = 2_000;

export function notifyOperator(
  parts: Pick<ToolsParts, 'clock' | 'settings' | 'newUuid' | 'ledger' | 'record' | 'log'>,
): EngineTool {
  const input = z.strictObject({
    message: z
      .string()
      .min(1)
      .max(MESSAGE_LIMIT)
      .regex(/\S/u, 'is blank')
      .describe('What people should know; plain text'),
  });
  return {
    name: 'notify_operator',
    title: 'Tell the operator',
    summary: 'send a short message to the people who run this',
    describe: () =>
      'Sends a short message to the people who run this daemon. Nobody answers through it: it is for what they should know, such as a finding outside of your task. A run may send only a few.',
    input,
    operations: ['notify_operator'],
    plan: (args) => ({
      kind: 'own',
      operation: 'notify_operator',
      run: async (run) => {
        const { message } = args as z.infer<typeof input>;
        const { tools, notifications } = parts.settings();
        if (run.messages >= tools.maxMessagesPerRun) {
          const limit = `this run has sent ${tools.maxMessagesPerRun} ${tools.maxMessagesPerRun === 1 ? 'message' : 'messages'} (tools.max_messages_per_run)`;
          return refused('limit_exceeded', `${limit}; put it into a comment or your last answer`);
        }
        run.messages += 1;
        const rows = notificationRows(notifications, parts.newUuid(), {
          event: 'agent_message',
          atMs: parts.clock.nowMs(),
          summary: `${run.issue.identifier}: ${message}`,
          detail: '',
          issueId: run.issue.id,
          issueIdentifier: run.issue.identifier,
          issueTitle: run.issue.title,
          issueUrl: run.issue.url,
          runId: run.runId,
          code: run.agentKind,
        });
        try {
          await parts.ledger.apply(rows);
        } catch (error) {
          run.messages -= 1;
          parts.log.error('a message of an agent could not be queued', {
            run_id: run.runId,
            error: String(error),
          });
          return storeFailed();
        }
        say(run.issue, run, message, parts);
        const left = tools.maxMessagesPerRun - run.messages;
        const note =
          rows.length === 0 ? 'no destination takes messages of agents: it stands on the page only' : '';
        return {
          ok: true,
          data: { delivered_to: rows.length, messages_left: left, ...(note !== '' && { note }) },
        };
      },
    }),
  };
}

function say(
  issue: { readonly id: string; readonly identifier: string },
  run: { readonly runId: string; readonly attempt: number },
  message: string,
  parts: Pick<ToolsParts, 'clock' | 'record' | 'log'>,
): void {
  const detail = oneLine(message);
  parts.log.info('message of an agent', {
    issue_id: issue.id,
    issue_identifier: issue.identifier,
    run_id: run.runId,
    text: detail,
  });
  parts.record({
    atMs: parts.clock.nowMs(),
    issueId: issue.id,
    issueIdentifier: issue.identifier,
    runId: run.runId,
    attempt: run.attempt,
    kind: 'agent_message',
    name: '',
    detail,
    durationMs: null,
    ok: null,
  });
}
