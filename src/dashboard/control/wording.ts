// What each control is called and what it will do, in words that are true before it was done. Pure.

export type Control =
  'pause' | 'resume' | 'drain' | 'dispatch' | 'cancel' | 'retry' | 'release' | 'hold' | 'unhold';

export interface ControlWords {
  /** On the button. */
  readonly verb: string;
  readonly question: (identifier: string) => string;
  readonly consequence: string;
  readonly dangerous?: boolean;
}

export const controlWords: Readonly<Record<Control, ControlWords>> = {
  pause: {
    verb: 'Pause',
    question: () => 'Pause dispatch?',
    consequence:
      'Nothing new is started: no candidates, no retries. What runs goes on to its end, its handoff included. It stays paused, over restarts too, until somebody resumes.',
  },
  resume: {
    verb: 'Resume',
    question: () => 'Resume dispatch?',
    consequence: 'Candidates and due retries are started again, from the next tick on.',
  },
  drain: {
    verb: 'Drain',
    question: () => 'Drain the daemon?',
    consequence:
      'What runs is finished, nothing new is started, and the page says when nothing runs any more: then the daemon can be stopped without losing work. It stays so, over restarts too, until somebody resumes.',
  },
  dispatch: {
    verb: 'Run now',
    question: (identifier) => `Run ${identifier} now?`,
    consequence:
      'It goes before everything else that waits. Blockers, required labels and the review limit are overruled; its state must be active, and it still needs a free slot.',
  },
  cancel: {
    verb: 'Cancel',
    question: (identifier) => `Cancel the run of ${identifier}?`,
    consequence:
      'Its agent is stopped now. The workspace stays. The issue is put on hold, so that it is not started again until somebody takes the hold off.',
    dangerous: true,
  },
  retry: {
    verb: 'Retry now',
    question: (identifier) => `Try ${identifier} again now?`,
    consequence:
      'It is due at once, with a fresh allowance of sessions and budget. It still needs a free slot.',
  },
  release: {
    verb: 'Release',
    question: (identifier) => `Release ${identifier}?`,
    consequence:
      'What is remembered of its failures and its wait is forgotten. The next tick judges it anew, like an issue that was never seen.',
  },
  hold: {
    verb: 'Hold',
    question: (identifier) => `Hold ${identifier}?`,
    consequence: 'It is not started, whatever changes in the tracker, until somebody takes the hold off.',
  },
  unhold: {
    verb: 'Take off hold',
    question: (identifier) => `Take ${identifier} off hold?`,
    consequence: 'The next tick judges it anew; it may be started at once.',
  },
};

export function isControl(name: string): name is Control {
  return Object.hasOwn(controlWords, name);
}

/** Where the word is sent. */
export function controlUrl(control: Control, identifier: string | null): string {
  return identifier === null
    ? `/api/v1/${control}`
    : `/api/v1/issues/${encodeURIComponent(identifier)}/${control}`;
}
