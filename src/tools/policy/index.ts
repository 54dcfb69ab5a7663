// The door of the policy: what it says to an action, and how rules are named to people. Pure; nothing is remembered.

export { decide, decideAll } from './decide.ts';
export { describeRule, limitText, ruleLabel } from './describe-rule.ts';
