// The port to the prompt renderer: src/worker gets a function of this type and never knows the template
// language. What a template may see is exactly PromptVariables; the renderer turns the names into the
// snake_case that people write.

import type { Issue } from './issue.ts';
import type { PromptTemplate } from './settings.ts';

/** What one turn's prompt is made from. `ci_failure` and `review_comments` are null until a run has them. */
export interface PromptVariables {
  /** From the by-id read made just before the start, with comments. */
  readonly issue: Issue;
  /** 0 on the first try, higher on every re-dispatch. */
  readonly attempt: number;
  readonly run: {
    /** Starts at 1 in each run. */
    readonly turnNumber: number;
    readonly maxTurns: number;
    /** True from the second turn on and when a session is resumed. */
    readonly isContinuation: boolean;
  };
}

/**
 * Called by the worker before each turn. Resolves to the rendered text, "" included: what an empty prompt
 * means is the worker's decision. Rejects with an Error whose one-line message names file, line and column;
 * the worker reports that as `template_render_error`. Bounded in time and output.
 */
export type RenderPrompt = (prompt: PromptTemplate, variables: PromptVariables) => Promise<string>;
