// The transitions of an issue and doing one. What is not offered to the caller is refused with a 400, and so is
// a transition whose screen requires a field that the request does not give.
import { z } from 'zod';
import { may } from '../accounts.ts';
import { JiraError } from '../answer.ts';
import { readChanges } from '../field-changes.ts';
import { message } from '../messages.ts';
import type { TransitionRecord } from '../model.ts';
import { expand, flag, text } from '../parameters.ts';
import { offered, transitionDetails } from '../render/transition-details.ts';
import { noParameters, route } from '../route.ts';
import { transitions, transitionToDo } from '../shapes/transition.ts';
import type { Site } from '../site.ts';
import { addComment, moveAlong } from '../writes.ts';
import { issueOfPath } from './lookup.ts';

const listTransitions = route({
  method: 'GET',
  path: '/issue/{issueIdOrKey}/transitions',
  query: z.strictObject({
    expand: expand('transitions.fields'),
    transitionId: text(),
    skipRemoteOnlyCondition: flag(),
    includeUnavailableTransitions: flag(),
    sortByOpsBarAndStatus: flag(),
  }),
  answers: { 200: transitions },
  handle: (exchange) => {
    const { site, caller, query } = exchange;
    const issue = issueOfPath(exchange);
    const all = query.includeUnavailableTransitions === true && may(caller, 'transition');
    const list = all ? site.state.workflowOf(issue).transitions : offered(site, caller, issue);
    const wanted = list.filter(({ id }) => query.transitionId === undefined || id === query.transitionId);
    const withFields = query.expand?.includes('transitions.fields') ?? false;
    const body = {
      expand: 'transitions',
      transitions: transitionDetails(site, caller, issue, withFields, wanted),
    };
    return { status: 200, body };
  },
});

const doTransition = route({
  method: 'POST',
  path: '/issue/{issueIdOrKey}/transitions',
  query: noParameters,
  body: transitionToDo,
  answers: { 204: null },
  handle: (exchange) => {
    const { site, caller, body } = exchange;
    const issue = issueOfPath(exchange);
    const id = body.transition?.id ?? '';
    const transition = offered(site, caller, issue).find((candidate) => candidate.id === id);
    if (!transition) throw new JiraError(400, { messages: [message('noTransition', id)] });
    if (transition.refusal !== null) {
      throw new JiraError(400, { body: { errorMessages: [transition.refusal], errors: {} } });
    }
    const onScreen = transition.screen.map(({ fieldId }) => fieldId);
    const allowed = new Set(onScreen.length > 0 ? [...onScreen, 'comment'] : []);
    const changes = readChanges(site, body, allowed, issue);
    const errors = { ...missing(site, transition, body), ...changes.errors };
    if (Object.keys(errors).length > 0) {
      throw new JiraError(400, { errors, violation: changes.problem && `body: ${changes.problem}` });
    }
    const edited = site.state.editIssue(issue.id, changes.record);
    moveAlong(site, edited, transition);
    for (const document of changes.comments) addComment(site, caller, edited, document);
    return { status: 204 };
  },
});

function missing(
  { state }: Site,
  { screen }: TransitionRecord,
  body: z.infer<typeof transitionToDo>,
): Record<string, ReturnType<typeof message>> {
  const absent = screen.filter(
    ({ fieldId, required }) => required && body.fields?.[fieldId] == null && body.update?.[fieldId] == null,
  );
  return Object.fromEntries(
    absent.map(({ fieldId }) => [fieldId, message('required', state.need(state.fields, fieldId).name)]),
  );
}

export const transitionRoutes = [listTransitions, doTransition];
