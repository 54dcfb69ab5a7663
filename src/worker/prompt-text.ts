// The words that the worker itself says to an agent: what is added to the first prompt, and what is sent on
// later turns when the template has nothing to say. Plain text that holds for every kind of agent.

import type { Issue } from '../contract/issue.ts';
import type { RunContext } from './run-context.ts';
import { messageOf, RunProblem } from './run-problem.ts';

const IF_STUCK = `If you cannot go on, write a single line to the file .sortie/status in your working \
directory: "blocked" when something outside of your reach stops the work, or "needs-human-review" when a person has \
to look at it before anything else is done.`;
const IF_NOTHING = ' If you find that nothing has to be changed at all, write "no-change-needed" to it.';
const THEN = ' Then end your turn and say why. Do not write this file otherwise.';

const WHAT_COUNTS = {
  observed: `What counts is changed files in the working directory, a commit, or the line "no-change-needed" in \
.sortie/status when there is really nothing to change.`,
  strict: `What counts is a commit in a repository in the working directory; a change that is not committed does \
not. When there is nothing to commit, write "needs-human-review" to .sortie/status and say why.`,
} as const;

export interface PromptPlace {
  /** Starts at 1 in each run. */
  readonly turn: number;
  /** The session is new to the work: it gets the whole first prompt, whichever turn this is. */
  readonly knowsNothing: boolean;
  /** Of the tools; "" = there is nothing to say. */
  readonly briefing: string;
}

/** Ends with RunProblem `template_render_error`. */
export async function buildPrompt(
  run: RunContext,
  issue: Issue,
  { turn, knowsNothing, briefing }: PromptPlace,
): Promise<string> {
  const { prompt, attempt, settings } = run.spec;
  const { maxTurns } = settings.agent;
  let text: string;
  try {
    const turnNumber = knowsNothing ? 1 : turn;
    const variables = { issue, attempt, run: { turnNumber, maxTurns, isContinuation: !knowsNothing } };
    text = (await run.dependencies.renderPrompt(prompt, variables)).trim();
  } catch (error) {
    throw new RunProblem('template_render_error', messageOf(error), error);
  }
  if (!knowsNothing && text === '') {
    return [continuation(issue, turn, maxTurns), statusInstructions(run)].join('\n\n');
  }
  if (!knowsNothing) return text;
  if (text === '') {
    const place = `${prompt.path}:${prompt.firstLine}`;
    throw new RunProblem(
      'template_render_error',
      `${place}: the prompt of the first turn is empty; write one`,
    );
  }
  const parts = [text, statusInstructions(run), briefing, ...emptyRunsReminder(run)];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Where only a commit counts, a declaration would end the run for nothing. */
function statusInstructions({ spec }: RunContext): string {
  return `${IF_STUCK}${spec.settings.agent.evidence === 'strict' ? '' : IF_NOTHING}${THEN}`;
}

/** Said when work was called done before, and nothing was there. */
function emptyRunsReminder(run: RunContext): string[] {
  const { emptyRuns, settings } = run.spec;
  const { evidence } = settings.agent;
  if (emptyRuns === 0 || evidence === 'off') return [];
  const runs =
    emptyRuns === 1 ? 'The last run on this issue ended' : `The last ${emptyRuns} runs on this issue ended`;
  return [
    `${runs} without a sign that anything had been done, so the issue was not handed off. ${WHAT_COUNTS[evidence]}`,
  ];
}

function continuation(issue: Issue, turn: number, maxTurns: number): string {
  return `Your last turn has ended, but issue ${issue.identifier} is still in the state "${issue.state}". This is turn \
${turn} of at most ${maxTurns}. Go on from where you stopped; the working directory is as you left it. Do not start \
over, and do not end the turn while something is left that you can do.`;
}
