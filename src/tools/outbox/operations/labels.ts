// Labels put on and taken off: known by those that are there, and harmless when repeated.

import { canLabel } from '../../../contract/tracker-capabilities.ts';
import type { TrackerAdapter } from '../../../contract/tracker.ts';
import { ABSENT, foundOn, lost, resultOn, type Looked, type Operation, type WriteOf } from './operation.ts';

type LabelWrite = WriteOf<'add_labels'>;

function lacks(tracker: TrackerAdapter): string | null {
  return canLabel(tracker) ? null : 'label issues';
}

async function look(
  { issue, operation, labels }: LabelWrite,
  tracker: TrackerAdapter,
  signal: AbortSignal,
): Promise<Looked> {
  const present = new Set((await tracker.fetchIssueById(issue.id, signal)).labels);
  const wanted = operation === 'add_labels';
  return labels.every((label) => present.has(label.toLowerCase()) === wanted) ? foundOn(issue) : ABSENT;
}

export const addLabels: Operation<'add_labels'> = {
  surfacing: 'harmless',
  lacks,
  async send({ issue, labels }, { tracker, signal }) {
    if (!canLabel(tracker)) return lost('addLabels');
    await tracker.addLabels(issue.id, labels, signal);
    return resultOn(issue);
  },
  look: (write, { tracker, signal }) => look(write, tracker, signal),
};

export const removeLabels: Operation<'remove_labels'> = {
  surfacing: 'harmless',
  lacks,
  async send({ issue, labels }, { tracker, signal }) {
    if (!canLabel(tracker)) return lost('removeLabels');
    await tracker.removeLabels(issue.id, labels, signal);
    return resultOn(issue);
  },
  look: (write, { tracker, signal }) => look(write, tracker, signal),
};
