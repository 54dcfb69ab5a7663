// Asks the policy about what one call would do, and counts what it let through. Judging and counting happen in one step
// of the loop, so that two calls at once cannot share the last place of a limit.

import type { PolicyVerdict, ToolSettings } from '../../contract/tool-policy.ts';
import { decide, decideAll } from '../policy/index.ts';
import type { ActionFacts, RuleUse } from '../ports.ts';
import type { RuleUses, Used } from '../rule-use.ts';
import { refused, type Outcome } from './outcome.ts';

const UNLIMITED: RuleUse = { count: () => 0 };

export interface Judgement {
  /** One for each action, in order. */
  readonly verdicts: readonly PolicyVerdict[];
  /** The first that may not be; null = all may, and are counted. */
  readonly refusal: { readonly place: number; readonly outcome: Outcome } | null;
  readonly used: Used;
  /** Places of what waits for a person already: nothing new is asked for, and nothing was counted. */
  readonly waiting: ReadonlySet<number>;
}

export interface Asking {
  readonly uses: RuleUses;
  readonly runId: string;
  /** Of a call that may propose: why so many proposals more cannot wait; null = they can. */
  readonly noRoomFor?: (proposals: number) => Outcome | null;
  /** Of a call that may propose: whether the same waits for a person already. */
  readonly waits?: (place: number) => boolean;
}

/** @param actions the facts of each; none is empty. */
export function judge(
  settings: ToolSettings,
  actions: readonly (readonly ActionFacts[])[],
  { uses, runId, noRoomFor, waits }: Asking,
): Judgement {
  const used = new Map<number, number>();
  const waiting = new Set<number>();
  const verdicts = actions.map((facts, place) => {
    const uncounted = waits?.(place) === true ? judgeForPerson(settings, facts) : null;
    if (uncounted?.decision === 'approve') {
      waiting.add(place);
      return uncounted;
    }
    const verdict = decideAll(settings, facts, uses.of(runId, used));
    for (const rule of limitedRules(settings, facts)) used.set(rule, (used.get(rule) ?? 0) + 1);
    return verdict;
  });
  const place = verdicts.findIndex(isRefused);
  const verdict = verdicts[place];
  if (verdict !== undefined)
    return { verdicts, refusal: { place, outcome: refusalOf(verdict) }, used: new Map(), waiting };
  const proposals = verdicts.filter(({ decision }, at) => decision === 'approve' && !waiting.has(at)).length;
  const tooMany = proposals === 0 ? null : (noRoomFor?.(proposals) ?? null);
  if (tooMany !== null)
    return { verdicts, refusal: { place: 0, outcome: tooMany }, used: new Map(), waiting };
  uses.add(runId, used);
  return { verdicts, refusal: null, used, waiting };
}

/** What a person decides is not counted again: it was when it was asked for. */
export function judgeForPerson(settings: ToolSettings, facts: readonly ActionFacts[]): PolicyVerdict {
  return decideAll(settings, facts, UNLIMITED);
}

/** null = it may be, as far as no limit is counted. */
export function refusalAt(verdict: PolicyVerdict): Outcome | null {
  return isRefused(verdict) ? refusalOf(verdict) : null;
}

function limitedRules(settings: ToolSettings, facts: readonly ActionFacts[]): readonly number[] {
  const numbers = facts.map((one) => decide(settings, one, UNLIMITED).ruleNumber);
  return numbers.filter((number) =>
    settings.rules.some((rule) => rule.number === number && rule.limit !== null),
  );
}

function isRefused({ decision, limitExceeded }: PolicyVerdict): boolean {
  return decision === 'deny' || limitExceeded !== null;
}

function refusalOf({ rule, decision, limitExceeded }: PolicyVerdict): Outcome {
  if (decision !== 'deny' && limitExceeded !== null) {
    const { count, per } = limitExceeded;
    const message = `the limit of ${count} per ${per} is used up (${rule})`;
    return refused('limit_exceeded', message, { decision, rule });
  }
  return refused('policy_denied', `the policy denies this (${rule}); do not try it in another way`, {
    decision: 'deny',
    rule,
  });
}
