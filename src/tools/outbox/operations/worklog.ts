// Work logged on an issue: known again by its key. A second one would be time that nobody has worked.

import { canLogWork } from '../../../contract/tracker-capabilities.ts';
import { ABSENT, foundOn, lost, resultOn, type Operation } from './operation.ts';

export const addWorklog: Operation<'add_worklog'> = {
  surfacing: 'repeated',
  lacks: (tracker) => (canLogWork(tracker) ? null : 'log work'),

  async send({ issue, ...worklog }, { tracker, key, signal }) {
    if (!canLogWork(tracker)) return lost('addWorklog');
    return resultOn(issue, await tracker.addWorklog(issue.id, worklog, key, signal));
  },

  async look({ issue, ...worklog }, { tracker, key, signal }) {
    if (!canLogWork(tracker)) {
      return { kind: 'unknowable', why: 'this tracker adapter cannot find a worklog again' };
    }
    const worklogId = await tracker.findWorklog(issue.id, worklog, key, signal);
    return worklogId === null ? ABSENT : foundOn(issue, worklogId);
  },
};
