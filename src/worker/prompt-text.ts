// The words that the worker itself says to an agent: what is added to the first prompt, and what is sent on
// later turns when the template has nothing to say. Plain text that holds for every kind of agent.

import type { Issue } from '../contract/issue.ts';
import type { RunContext } from './run-context.ts';
import { messageOf, RunProblem } from './run-problem.ts';

const STATUS_INSTRUCTIONS = `If you cannot go on, write a single line to the file .sortie/status in your working \
directory: "blocked" when something outside of your reach stops the work, or "needs-human-review" when a person has \
to look at it before anything else is done. Then end your turn and say why. Do not write this file otherwise.`;

/** Ends with RunProblem `template_render_error`. */
export async function buildPrompt(run: RunContext, issue: Issue, turn: number): Promise<string> {
  const { prompt, attempt, settings } = run.spec;
  const { maxTurns } = settings.agent;
  const isContinuation = turn > 1;
  let text: string;
  try {
    const variables = { issue, attempt, run: { turnNumber: turn, maxTurns, isContinuation } };
    text = (await run.dependencies.renderPrompt(prompt, variables)).trim();
  } catch (error) {
    throw new RunProblem('template_render_error', messageOf(error), error);
  }
  if (isContinuation) return text === '' ? continuation(issue, turn, maxTurns) : text;
  if (text === '') {
    const place = `${prompt.path}:${prompt.firstLine}`;
    throw new RunProblem(
      'template_render_error',
      `${place}: the prompt of the first turn is empty; write one`,
    );
  }
  return `${text}\n\n${STATUS_INSTRUCTIONS}`;
}

function continuation(issue: Issue, turn: number, maxTurns: number): string {
  return `Your last turn has ended, but issue ${issue.identifier} is still in the state "${issue.state}". This is turn \
${turn} of at most ${maxTurns}. Go on from where you stopped; the working directory is as you left it. Do not start \
over, and do not end the turn while something is left that you can do.

${STATUS_INSTRUCTIONS}`;
}
