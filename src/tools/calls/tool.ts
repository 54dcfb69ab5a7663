// A tool as this folder works with it: those of every tracker and those that a tracker brings, in one form.

import type { ZodType } from 'zod';
import type { ToolPlace, ToolPlan } from '../../contract/agent-tools.ts';
import type { ToolOperation } from '../../contract/tool-operations.ts';
import type { TrackerSchema } from '../../contract/tracker-capabilities.ts';
import type { Outcome } from './outcome.ts';
import type { RunState } from './run-state.ts';

/** Of a tool that neither reads nor writes the tracker. */
export interface OwnPlan {
  readonly kind: 'own';
  /** What the policy is asked about; null = nothing: it only tells a run about itself. */
  readonly operation: ToolOperation | null;
  readonly run: (run: RunState, signal: AbortSignal) => Promise<Outcome>;
}

export interface EngineTool {
  readonly name: string;
  readonly title: string;
  /** One line for the prompt. */
  readonly summary: string;
  describe(schema: TrackerSchema | null): string;
  readonly input: ZodType<Record<string, unknown>>;
  readonly operations: readonly ToolOperation[];
  plan(args: Record<string, unknown>, place: ToolPlace): ToolPlan | OwnPlan;
}
