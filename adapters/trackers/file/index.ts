// `tracker.kind: file`: a JSON file of issues, for trying things out, for tests and for small projects without a
// tracker. Needs no credentials. docs/adapters/file.md is its page.
import { TrackerError, type TrackerRegistration } from '../../../src/contract/tracker.ts';
import { FileTracker } from './file-tracker.ts';
import { errorCode } from './file-problem.ts';
import { copySeed } from './seed.ts';
import { fileSettings, issuesPath, placeOf, seedPath } from './settings.ts';

export const tracker: TrackerRegistration = {
  kind: 'file',
  requiresProject: false,
  requiresApiKey: false,
  defaultActiveStates: ['To Do', 'In Progress'],
  defaultTerminalStates: ['Done', 'Cancelled'],
  settingsSchema: fileSettings,
  pathSettings: ['path', 'seed'],
  secretSettings: [],
  identity: (context) => placeOf(issuesPath(context)),
  async prepare(context) {
    const seed = seedPath(context);
    if (seed === null) return;
    try {
      await copySeed(seed, issuesPath(context));
    } catch (cause) {
      const detail = `cannot be copied to ${issuesPath(context)} (${errorCode(cause) || String(cause)}); correct file.seed`;
      throw new TrackerError({ kind: 'tracker_payload_error', method: 'prepare', path: seed, detail, cause });
    }
  },
  create: (context) =>
    new FileTracker({
      path: issuesPath(context),
      activeStates: context.activeStates,
      warn: context.warn,
    }),
};
