// What a run may ask about itself: `sortie_status` and `workspace_history`, which answer bare objects, as they always
// have. They tell; they change nothing, and the policy has no say in them.

import { z } from 'zod';
import type { JsonMap } from '../../contract/tool-operations.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { EngineTool } from '../calls/tool.ts';
import type { CreateToolsParts, PastRun, TokenFigures } from '../parts.ts';
import { heard } from '../runs/heard.ts';

const HISTORY = 10;

const NO_TOKENS: TokenFigures = { totalTokens: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 };

export function sortieStatus({
  clock,
  figures,
  approvals,
}: Pick<CreateToolsParts, 'clock' | 'figures'> & {
  readonly approvals: Pick<Approvals, 'markTold'>;
}): EngineTool {
  return {
    name: 'sortie_status',
    title: 'State of this run',
    summary: 'turns, time, tokens and budget that this run has used and has left',
    describe: () =>
      'Tells how far this run is: turn_number, max_turns, turns_remaining, attempt, session_duration_seconds, tokens, and budget_remaining for each limit that is set. Use it to plan what still fits.',
    input: z.strictObject({}),
    operations: [],
    plan: () => ({
      kind: 'own',
      operation: null,
      run: async (run) => {
        // Who asks how far it is has read what it was told.
        await heard(run, approvals);
        const now = figures(run.runId);
        const turn = now?.turnNumber ?? 0;
        const left = Object.entries(now?.budgetLeft ?? {}).map(([name, value]): [string, number] => [
          snake(name),
          value,
        ]);
        const data: JsonMap = {
          turn_number: turn,
          max_turns: run.maxTurns,
          turns_remaining: Math.max(0, run.maxTurns - turn),
          attempt: run.attempt,
          session_duration_seconds: Math.round((clock.monotonicMs() - run.openedMonotonicMs) / 1000),
          tokens: tokensJson(now?.tokens ?? NO_TOKENS),
          budget_remaining: Object.fromEntries(left),
        };
        return { ok: true, data, bare: true };
      },
    }),
  };
}

export function workspaceHistory({ history }: Pick<CreateToolsParts, 'history'>): EngineTool {
  return {
    name: 'workspace_history',
    title: 'Earlier runs of this issue',
    summary: 'how the newest runs of this issue ended',
    describe: () =>
      `Tells how the newest ${HISTORY} runs of this issue ended, the newest first: attempt, status, error, started_at, completed_at, turns_completed, tokens. Use it to avoid what has failed before.`,
    input: z.strictObject({}),
    operations: [],
    plan: () => ({
      kind: 'own',
      operation: null,
      run: async (run) => {
        const runs = await history(run.issue.identifier, HISTORY);
        const data: JsonMap = { issue: run.issue.identifier, runs: runs.slice(0, HISTORY).map(pastJson) };
        return { ok: true, data, bare: true };
      },
    }),
  };
}

function pastJson(past: PastRun): JsonMap {
  return {
    attempt: past.attempt,
    status: past.status,
    error: past.error === '' ? null : past.error,
    started_at: new Date(past.startedAtMs).toISOString(),
    completed_at: past.completedAtMs === null ? null : new Date(past.completedAtMs).toISOString(),
    turns_completed: past.turnsCompleted,
    tokens: tokensJson(past.tokens),
  };
}

function tokensJson({ inputTokens, outputTokens, totalTokens, cacheReadTokens }: TokenFigures): JsonMap {
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: totalTokens,
    cache_read_tokens: cacheReadTokens,
  };
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
