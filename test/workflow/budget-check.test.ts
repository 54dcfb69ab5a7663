// A budget that the chosen agent can never reach, or reaches too late, is warned of when the file is loaded: the
// workflow itself stays good.
import { expect, it } from 'vitest';
import type { AgentRegistration } from '../../src/contract/agent.ts';
import { agent, lines, loadGood, minimal } from './workflow-file.ts';

type Reports = Pick<AgentRegistration, 'usage' | 'cost'>;

async function warnings(reports: Reports, budget: string, more = ''): Promise<string[]> {
  const yaml = `${minimal}  budget: { ${budget} }\n${more}`;
  return lines((await loadGood({ yaml, options: { agents: [{ ...agent, ...reports }] } })).warnings);
}

const everything =
  'max_tokens_per_run: 1, max_tokens_per_issue: 1, max_tokens_per_day: 1, max_usd_per_run: 1, max_usd_per_issue: 1, max_usd_per_day: 1';
const priced = 'token_rates: { command: { output_per_mtok: 10 } }\n';

it.each<[string, Reports, string]>([
  ['an agent that reports both while it works', { usage: 'live', cost: 'reported' }, ''],
  ['an agent whose cost is estimated', { usage: 'live', cost: 'none' }, priced],
])('says nothing of %s', async (_name, reports, more) => {
  expect(await warnings(reports, everything, more)).toEqual([]);
});

it.each<[Reports]>([[{ usage: 'none', cost: 'none' }], [{ usage: 'turn_end', cost: 'none' }]])(
  'says nothing of %o without a budget',
  async (reports) => {
    expect(await warnings(reports, 'max_tokens_per_run: 0, max_usd_per_day: 0')).toEqual([]);
  },
);

it('warns of money that nobody counts, names the keys, and the prices that would count it', async () => {
  const budget = 'max_tokens_per_run: 1, max_usd_per_run: 0, max_usd_per_issue: 5, max_usd_per_day: "20.5"';
  for (const more of ['', 'token_rates: { other: { input_per_mtok: 1 }, command: {} }\n']) {
    const found = await warnings({ usage: 'live', cost: 'none' }, budget, more);
    expect(found.filter((text) => !text.startsWith('unknown_sub_key'))).toEqual([
      expect.stringMatching(
        /^config\.agent\.budget\.max_usd_per_issue WORKFLOW\.md:7:\d+: the agent "command" reports no cost, so agent\.budget\.max_usd_per_issue, agent\.budget\.max_usd_per_day can never be reached; set token_rates\.command\.input_per_mtok/,
      ),
    ]);
  }
});

it('warns of every limit when no usage is reported, whatever the prices are', async () => {
  const found = await warnings(
    { usage: 'none', cost: 'none' },
    'max_usd_per_day: 1, max_tokens_per_day: 1',
    priced,
  );
  expect(found).toEqual([
    expect.stringContaining(
      'reports no usage, so agent.budget.max_tokens_per_day, agent.budget.max_usd_per_day can never be reached',
    ),
  ]);
});

it('warns only of tokens when cost is all that is reported', async () => {
  expect(await warnings({ usage: 'none', cost: 'reported' }, 'max_usd_per_day: 1')).toEqual([]);
  expect(await warnings({ usage: 'none', cost: 'reported' }, everything)).toEqual([
    expect.not.stringContaining('usd'),
  ]);
});

it('warns that a limit of a run comes too late when usage is known only at the end of a turn', async () => {
  const reports: Reports = { usage: 'turn_end', cost: 'reported' };
  expect(await warnings(reports, 'max_tokens_per_issue: 1, max_usd_per_day: 1')).toEqual([]);
  expect(await warnings(reports, 'max_usd_per_run: 1')).toEqual([
    expect.stringMatching(
      /^config\.agent\.budget\.max_usd_per_run .*only when a turn ends, so agent\.budget\.max_usd_per_run stops no turn before its end/,
    ),
  ]);
});

it('gives the variable as the place of a limit that came from the environment', async () => {
  const env = { SORTIE_AGENT_BUDGET_MAX_USD_PER_RUN: '2.5' };
  const options = { agents: [{ ...agent, usage: 'live', cost: 'none' } as const] };
  const { warnings: found, settings } = await loadGood({ env, options });
  expect(settings.agent.budget.maxUsdPerRun).toBe(2.5);
  expect(lines(found)).toEqual([
    expect.stringContaining('SORTIE_AGENT_BUDGET_MAX_USD_PER_RUN in the environment: the agent "command"'),
  ]);
});
