// Who watches an issue. The body of the POST is a bare JSON string: an account id.
import { z } from 'zod';
import { JiraError } from '../answer.ts';
import { message } from '../messages.ts';
import { text } from '../parameters.ts';
import { api } from '../render/links.ts';
import { personById } from '../render/people.ts';
import { noParameters, route } from '../route.ts';
import { watchers as watchersShape } from '../shapes/site.ts';
import { issueOfPath, requirePermission } from './lookup.ts';

const listWatchers = route({
  method: 'GET',
  path: '/issue/{issueIdOrKey}/watchers',
  query: noParameters,
  answers: { 200: watchersShape },
  handle: (exchange) => {
    const { site, caller } = exchange;
    const issue = issueOfPath(exchange);
    const ids = [...(site.state.watchers.get(issue.id) ?? [])];
    const watchers = ids.map((id) => personById(site, caller, id)).filter((one) => one !== null);
    const isWatching = ids.includes(caller.account?.accountId ?? '');
    const self = api(site, `/issue/${issue.key}/watchers`);
    return { status: 200, body: { self, isWatching, watchCount: watchers.length, watchers } };
  },
});

const addWatcher = route({
  method: 'POST',
  path: '/issue/{issueIdOrKey}/watchers',
  query: noParameters,
  body: z.string(),
  bodyOptional: true,
  answers: { 204: null },
  handle: (exchange) => {
    const { site, caller, body } = exchange;
    const issue = issueOfPath(exchange);
    requirePermission(caller, 'watch');
    const id = (body as string | undefined) ?? caller.account?.accountId ?? '';
    if (!site.state.users.has(id)) throw new JiraError(400, { messages: [message('userGone', id)] });
    site.state.watchers.set(issue.id, new Set([...(site.state.watchers.get(issue.id) ?? []), id]));
    return { status: 204 };
  },
});

const removeWatcher = route({
  method: 'DELETE',
  path: '/issue/{issueIdOrKey}/watchers',
  // Of the description's parameters not `username`: it ended with the privacy rules.
  query: z.strictObject({ accountId: text(128) }),
  answers: { 204: null },
  handle: (exchange) => {
    const { site, caller, query } = exchange;
    const issue = issueOfPath(exchange);
    requirePermission(caller, 'watch');
    const id = query.accountId;
    if (id === undefined) throw new JiraError(400, { messages: [message('required', 'accountId')] });
    const left = new Set(site.state.watchers.get(issue.id) ?? []);
    if (!left.delete(id)) throw new JiraError(404, { messages: [message('userGone', id)] });
    site.state.watchers.set(issue.id, left);
    return { status: 204 };
  },
});

export const watcherRoutes = [listWatchers, addWatcher, removeWatcher];
