// What `sortie doctor` says about the agent: whether its program is there, and what it will tell of what it uses,
// because a budget is worth no more than that. Starts nothing.

import type { AgentRegistration, DoctorFinding, WorkflowProblem } from '../contract/index.ts';
import { AGENT_COMMAND_CHECK, type LoadResult } from '../workflow/index.ts';

/** A daemon would not start here without its agent, although the file as such may be fine. */
export function findingOf({ severity, check, message }: WorkflowProblem): DoctorFinding {
  const stops = severity === 'error' || check === AGENT_COMMAND_CHECK;
  return { status: stops ? 'problem' : 'warning', check, message, remedy: '' };
}

/** `problems` are those of the same file: a program that is missing is among them. */
export function* agentFindings(
  { workflow, agent }: Extract<LoadResult, { ok: true }>,
  problems: readonly WorkflowProblem[],
): Generator<DoctorFinding> {
  const { settings } = workflow;
  if (problems.every(({ check }) => check !== AGENT_COMMAND_CHECK)) {
    const message = `the agent "${agent.kind}" can be started`;
    yield { status: 'ok', check: AGENT_COMMAND_CHECK, message, remedy: '' };
  }
  const rates = Object.values(settings.tokenRates[agent.kind] ?? {});
  const hasRates = rates.some((rate) => rate !== undefined);
  const message = `${USAGE[agent.usage]}; ${costText(agent, hasRates)}`;
  yield { status: 'ok', check: 'agent.usage', message, remedy: '' };
}

const USAGE: Readonly<Record<AgentRegistration['usage'], string>> = {
  live: 'tokens are counted as the agent reports them, while it works',
  turn_end: 'tokens are counted when a turn ends',
  none: 'tokens are not reported',
};

function costText({ kind, usage, cost }: AgentRegistration, hasRates: boolean): string {
  if (cost === 'reported') {
    const rest = hasRates ? `; what it leaves out is estimated from token_rates.${kind}` : '';
    return `cost is counted as far as the agent reports it${rest}`;
  }
  if (usage === 'none') return 'cost is not known';
  return hasRates
    ? `cost is estimated from token_rates.${kind}`
    : `cost is not known: token_rates.${kind} would estimate it`;
}
