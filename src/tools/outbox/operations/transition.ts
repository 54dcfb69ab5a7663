// Moving an issue. It always names the states that it may be moved from, so a second one, or one that comes late, is
// refused by the tracker; it is known to have been applied by the state, read by id because indexes lag.

import { ABSENT, foundOn, resultOn, type Operation } from './operation.ts';

export const transitionIssue: Operation<'transition_issue'> = {
  surfacing: 'compared',
  lacks: () => null,

  async send({ issue, toState, from, transition }, { tracker, signal }) {
    const options = transition === '' ? { from } : { from, transition };
    await tracker.transitionIssue(issue.id, toState, options, signal);
    return resultOn(issue);
  },

  async look({ issue, toState }, { tracker, signal }) {
    const { state } = await tracker.fetchIssueById(issue.id, signal);
    return state.trim().toLowerCase() === toState.trim().toLowerCase() ? foundOn(issue) : ABSENT;
  },
};
