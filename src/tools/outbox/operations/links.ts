// Links and watchers: the adapter sees to it that there is no second one, so they are sent again without being looked
// for. A link only after a while: the first request may still be on its way when the adapter looks.

import { canLink, canWatch } from '../../../contract/tracker-capabilities.ts';
import { ABSENT, HARMLESS, lost, resultOn, type Operation } from './operation.ts';

export const linkIssues: Operation<'link_issues'> = {
  surfacing: 'compared',
  lacks: (tracker) => (canLink(tracker) ? null : 'link issues'),

  async send({ issue, target, linkType }, { tracker, signal }) {
    if (!canLink(tracker)) return lost('linkIssues');
    const { wasThere } = await tracker.linkIssues({ issue, target, type: linkType }, signal);
    return resultOn(issue, '', wasThere);
  },

  look: () => Promise.resolve(ABSENT),
};

export const addWatcher: Operation<'add_watcher'> = {
  surfacing: 'harmless',
  lacks: (tracker) => (canWatch(tracker) ? null : 'add watchers'),

  async send({ issue, accountId }, { tracker, signal }) {
    if (!canWatch(tracker)) return lost('addWatcher');
    await tracker.addWatcher(issue.id, accountId, signal);
    return resultOn(issue);
  },

  look: () => Promise.resolve(HARMLESS),
};
