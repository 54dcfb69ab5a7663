// What only several keys of `tools` together can get wrong. A rule that is not what people meant either lets through what
// they wanted to stop or asks nobody: so what cannot hold is an error, and what disappoints is a warning.

import type { AgentRegistration } from '../contract/agent.ts';
import { origin, type CrossCheckContext } from './cross-checks.ts';
import type { FrontMatter } from './front-matter.ts';
import { keptPlaces } from './list-places.ts';
import { isPlainMap, quoted } from './problem-list.ts';
import { buildRule } from './build-tools.ts';
import { checkReach, checkRule, type RuleCheck } from './rule-check.ts';
import { shownKey } from './setting-words.ts';
import { showPlace } from './workflow-error.ts';

/** Far more than people can follow; it bounds what each call and each check costs. */
const MAX_RULES = 200;

export interface ToolCheckFacts {
  readonly frontMatter: FrontMatter;
  /** All that there are. */
  readonly agentKinds: readonly string[];
  /** The one that is in use; null = not known. */
  readonly agent: AgentRegistration | null;
}

export function checkTools(context: CrossCheckContext, facts: ToolCheckFacts): void {
  checkApproval(context);
  checkProjects(context);
  checkRules(context, facts);
}

function checkApproval(context: CrossCheckContext): void {
  const { values, invalid, problems } = context;
  const { timeout_ms: timeoutMs, wait_ms: waitMs } = values.tools.approval;
  const key = 'tools.approval.wait_ms';
  if (invalid.has(key) || invalid.has('tools.approval.timeout_ms')) return;
  const where = origin(context, key);
  // Who only shortens the time has said nothing about the wait: it is cut to fit.
  if (waitMs > timeoutMs && context.given.has(key)) {
    const text = `${key} ${waitMs} is longer than tools.approval.timeout_ms ${timeoutMs}, after which nobody can decide any more; write at most ${timeoutMs}`;
    problems.error(`config.${key}`, `${where}: ${text}`);
    return;
  }
  const toolTimeoutMs = values.agent.tool_timeout_ms;
  if (invalid.has('agent.tool_timeout_ms') || Math.min(waitMs, timeoutMs) < toolTimeoutMs) return;
  const text = `${key} ${waitMs} reaches agent.tool_timeout_ms ${toolTimeoutMs}, so that an agent which waits for a person counts as stalled; make it shorter`;
  problems.warning(`config.${key}`, `${where}: ${text}`);
}

function checkProjects(context: CrossCheckContext): void {
  const { projects } = context.values.tools;
  if (!projects.includes('*') || projects.length === 1) return;
  const text = 'tools.projects holds "*", which is every project, and others; remove the "*" or the others';
  context.problems.error('config.tools.projects', `${origin(context, 'tools.projects')}: ${text}`);
}

function checkRules(context: CrossCheckContext, facts: ToolCheckFacts): void {
  const { values, invalid, problems } = context;
  const { frontMatter, agent } = facts;
  const block = frontMatter.data['tools'];
  const written = isPlainMap(block) ? block['rules'] : undefined;
  const { rules } = values.tools;
  const start = showPlace(frontMatter.locate(['tools', 'rules']));
  if (rules.length > MAX_RULES) {
    const text = `tools.rules holds ${rules.length} rules, and at most ${MAX_RULES} are taken; write fewer, for several operations each`;
    problems.error('config.tools.rules', `${start}: ${text}`);
    return;
  }
  if (agent?.tools === 'none' && rules.length > 0) {
    const text = `tools.rules do nothing: the agent ${quoted(agent.kind)} takes no tools; remove them, or choose another agent`;
    problems.warning('config.tools.rules', `${start}: ${text}`);
  }
  const places = keptPlaces('tools.rules', ['operation', 'decision'], written, invalid);
  if (places.length !== rules.length) return;
  const checks = rules.map((rule, at): RuleCheck => {
    const place = places[at] ?? at;
    return {
      values: rule,
      rule: buildRule(rule, place),
      key: `tools.rules[${place}]`,
      // One mistake is said once: what a wrong value stands for is not known.
      isWhole: ![...invalid].some((key) => key.startsWith(`tools.rules[${place}]`)),
      place: (...path) => showPlace(frontMatter.locate(['tools', 'rules', place, ...path])),
    };
  });
  const named = new Map<string, string>();
  for (const check of checks) {
    checkRule(check, context, facts.agentKinds);
    const { name } = check.rule;
    const first = named.get(name.toLowerCase());
    if (name !== '' && first !== undefined) {
      const text = `${shownKey(`${check.key}.name`)} ${quoted(name)} is that of ${shownKey(first)} as well; choose another`;
      problems.error(`config.${check.key}.name`, `${check.place('name')}: ${text}`);
    } else named.set(name.toLowerCase(), check.key);
  }
  checkGroups(checks, context);
  if (![...invalid].some((key) => key.startsWith('tools.rules'))) checkReach(checks, context);
}

/** Who is asked must be somebody, or a proposal waits until it expires. */
function checkGroups(checks: readonly RuleCheck[], { values, invalid, problems }: CrossCheckContext): void {
  if ([...invalid].some((key) => key.startsWith('server.users'))) return;
  const { users } = values.server;
  const groups = new Set(users.flatMap((user) => user.groups));
  const said = new Set<string>();
  for (const { rule, key, place } of checks) {
    const { group, decision } = rule;
    if (group === '' || decision !== 'approve' || groups.has(group) || said.has(group)) continue;
    said.add(group);
    const where = place('group');
    if (users.length > 0) {
      const text = `${shownKey(`${key}.group`)} ${quoted(group)} is a group of nobody in server.users`;
      const near = [...groups].length === 0 ? '' : ` (groups: ${[...groups].map(quoted).join(', ')})`;
      problems.error(`config.${key}.group`, `${where}: ${text}${near}; put somebody in it, or correct it`);
    } else {
      const text = `${shownKey(`${key}.group`)} ${quoted(group)} keeps nobody out while server.users is empty: whoever may use the API is in every group; add server.users`;
      problems.warning(`config.${key}.group`, `${where}: ${text}`);
    }
  }
}
