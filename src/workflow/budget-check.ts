// Whether a budget can do what it promises with the agent that was chosen: a limit that nothing ever reports against
// is worse than none, because somebody relies on it. Warnings only; the agent can still work. And prices of nobody.

import type { AgentRegistration } from '../contract/agent.ts';
import { origin, type CrossCheckContext } from './cross-checks.ts';
import type { FrontMatter } from './front-matter.ts';
import { didYouMean } from './nearest.ts';
import { quoted } from './problem-list.ts';
import { showPlace } from './workflow-error.ts';

export function checkBudget({ kind, usage, cost }: AgentRegistration, context: CrossCheckContext): void {
  const { agent, token_rates: allRates } = context.values;
  const rates = Object.hasOwn(allRates, kind) ? allRates[kind] : undefined;
  const hasRates = Object.values(rates ?? {}).some((rate) => rate !== undefined);
  const asked = Object.entries(agent.budget)
    .filter(([, limit]) => limit > 0)
    .map(([name]) => `agent.budget.${name}`);
  const warn = (keys: readonly string[], text: string): void => {
    const [first] = keys;
    if (first === undefined) return;
    const message = `${origin(context, first)}: the agent ${quoted(kind)} ${text}`;
    context.problems.warning(`config.${first}`, message);
  };
  const inTokens = asked.filter((key) => key.includes('.max_tokens_'));
  const inUsd = asked.filter((key) => key.includes('.max_usd_'));
  if (usage === 'none') {
    const unreachable = cost === 'reported' ? inTokens : asked;
    warn(unreachable, `reports no usage, so ${list(unreachable)} can never be reached; ${doInstead}`);
  } else if (cost === 'none' && !hasRates) {
    const prices = `set token_rates.${kind}.input_per_mtok and output_per_mtok, or limit tokens`;
    warn(inUsd, `reports no cost, so ${list(inUsd)} can never be reached; ${prices}`);
  }
  if (usage === 'turn_end') {
    const perRun = asked.filter((key) => key.endsWith('_per_run'));
    warn(
      perRun,
      `reports usage only when a turn ends, so ${list(perRun)} stops no turn before its end; ${keepShort}`,
    );
  }
}

/** Prices under a name that no agent has are never used. */
export function checkRates(
  kinds: readonly string[],
  frontMatter: FrontMatter,
  { values, problems }: CrossCheckContext,
): void {
  for (const kind of Object.keys(values.token_rates)) {
    if (kinds.includes(kind)) continue;
    const where = showPlace(frontMatter.locateKey(['token_rates', kind]));
    const text = `there is no agent adapter ${quoted(kind)} to have token_rates${didYouMean(kind, kinds)}`;
    problems.warning('unknown_sub_key', `${where}: ${text}; they are ignored: correct or remove them`);
  }
}

const doInstead = 'limit agent.max_turns and agent.max_sessions instead';
const keepShort = 'limit agent.turn_timeout_ms as well';

function list(keys: readonly string[]): string {
  return keys.join(', ');
}
