// What the worlds of the conformance suite need here: a context for a registration, with `warn` that must not be
// called, because the suite's issues are all in order.
import type { TrackerContext, TrackerRegistration } from '../../../src/contract/tracker.ts';
import type { TrackerWorldSetup } from '../../conformance/index.ts';

export function contextFor(
  registration: TrackerRegistration,
  workflowDirectory: string,
  settings: Record<string, unknown>,
  { activeStates, terminalStates }: Pick<TrackerWorldSetup, 'activeStates' | 'terminalStates'>,
): TrackerContext {
  return {
    kind: registration.kind,
    endpoint: '',
    apiKey: '',
    project: '',
    queryFilter: '',
    activeStates,
    terminalStates,
    richText: 'plain',
    settings: registration.settingsSchema.parse(settings),
    workflowDirectory,
    warn: (message, fields) => {
      throw new Error(`unexpected warning: ${message} ${JSON.stringify(fields)}`);
    },
  };
}
