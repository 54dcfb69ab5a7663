// The keys of `tracker`. An adapter's own keys are in the block named after its kind.

import { z } from 'zod';
import { list, setting, text } from './setting.ts';
import { choice, count, flag, optionalList, optionalText } from './setting-shorthand.ts';

const states = (about: string) =>
  setting(list.optional(), {
    shape: 'list',
    expects: 'a list of state names, none of them empty',
    about,
    takesEffect: 'future ticks',
    defaultText: "the tracker adapter's",
  });

const comments = z.strictObject({
  on_dispatch: flag('Comment on the issue when an agent starts on it.', 'future runs'),
  on_completion: flag('Comment when a run has ended well.', 'future runs'),
  on_failure: flag('Comment when a run has failed. A cancelled run never comments.', 'future runs'),
  style: choice(
    ['plain', 'living'],
    'plain',
    'A new comment each time, or one that is kept up to date.',
    'future runs',
  ),
});

export const tracker = z.strictObject({
  kind: setting(text.default(''), {
    shape: 'text',
    expects: 'the name of a tracker adapter',
    about: 'Which tracker adapter reads and moves the issues. Required.',
    takesEffect: 'restart',
    defaultText: 'required',
  }),
  adapter: optionalText(
    'Module of a tracker adapter that is not built in: a path that starts with `./` or `../`, or a package.',
    'restart',
  ),
  endpoint: optionalText('Base address of the tracker.', 'restart', { expand: 'reference' }),
  project: optionalText('Project whose issues are worked on.', 'restart', { expand: 'reference' }),
  api_key: optionalText(
    'Credential of the tracker; write `$NAME` and keep it in the environment.',
    'future ticks',
    {
      expand: 'secret',
    },
  ),
  query_filter: optionalText(
    "A filter in the tracker's own language, added to the search for candidates.",
    'future ticks',
  ),
  active_states: states('Issues in these states are worked on. Compared without regard to case.'),
  terminal_states: states(
    'Issues in these states are finished: the agent is stopped and the workspace removed.',
  ),
  handoff_state: optionalText(
    'Where an issue is moved after a good run. Neither an active nor a terminal state.',
    'future exits',
    { expand: 'reference' },
  ),
  in_progress_state: optionalText(
    'Where an issue is moved when its run starts. An active state, not terminal, not the handoff state.',
    'future dispatches',
    { expand: 'reference' },
  ),
  max_in_handoff: count(
    0,
    0,
    'While so many issues wait in the handoff state, nothing new is dispatched. What runs already, and its retries, may still add to them. Needs `tracker.handoff_state`; 0 = no limit.',
    'future ticks',
  ),
  required_labels: optionalList(
    'An issue needs all of these labels to be dispatched, and to get another turn. Case does not matter.',
    'future ticks',
  ),
  park_label: setting(text.regex(/^\S*$/, 'holds white space').default(''), {
    shape: 'text',
    expects: 'a label without white space',
    about:
      'Label that an issue carries while it is parked, so that people see it in the tracker. Taking it off ends the park.',
    takesEffect: 'future ticks',
    defaultText: 'none',
  }),
  rich_text: choice(
    ['plain', 'markdown'],
    'plain',
    'What descriptions and comments are given to agents as, where the tracker has rich text.',
    'future ticks',
  ),
  comments: comments.prefault({}),
});
