// People: who I am, one by account id, and searching by a part of the name. Names and keys of users are gone:
// a request that still sends them is refused.
import { z } from 'zod';
import { JiraError } from '../answer.ts';
import { message } from '../messages.ts';
import type { UserRecord } from '../model.ts';
import { expand, flag, integer, text } from '../parameters.ts';
import { person } from '../render/people.ts';
import { issueGone, route } from '../route.ts';
import { user } from '../shapes/basics.ts';
import { requireLogin, visibleIssue } from './lookup.ts';

const userExpand = expand('groups', 'applicationRoles');
const none = { size: 0, items: [] };

const myself = route({
  method: 'GET',
  path: '/myself',
  query: z.strictObject({ expand: userExpand }),
  answers: { 200: user },
  handle: ({ site, caller, query }) => {
    requireLogin(caller);
    const me = site.state.need(site.state.users, caller.account?.accountId ?? '');
    const body = {
      ...person(site, caller, me),
      locale: `${site.settings.language}_${site.settings.language.toUpperCase()}`,
      ...(query.expand?.includes('groups') ? { groups: none } : {}),
      ...(query.expand?.includes('applicationRoles') ? { applicationRoles: none } : {}),
    };
    return { status: 200, body };
  },
});

const getUser = route({
  method: 'GET',
  path: '/user',
  query: z.strictObject({ accountId: text(128), expand: userExpand }),
  answers: { 200: user },
  handle: ({ site, caller, query }) => {
    requireLogin(caller);
    const found = site.state.users.get(query.accountId ?? '');
    if (!found) throw new JiraError(404, { messages: [message('userGone', query.accountId ?? '')] });
    return { status: 200, body: person(site, caller, found) };
  },
});

/** The beginning of any word of the name, or of the address when its owner shows it. */
function fits(wanted: string, { displayName, email, emailVisible }: UserRecord): boolean {
  const text = wanted.toLowerCase();
  const starts = displayName
    .toLowerCase()
    .split(/\s+/)
    .some((word) => word.startsWith(text));
  const whole = displayName.toLowerCase().startsWith(text);
  return starts || whole || (emailVisible && email.toLowerCase().startsWith(text));
}

const searchUsers = route({
  method: 'GET',
  path: '/user/search',
  query: z.strictObject({
    query: text(),
    accountId: text(128),
    startAt: integer(0, Number.MAX_SAFE_INTEGER),
    maxResults: integer(1, 1000),
    property: text(),
  }),
  answers: { 200: z.array(user) },
  handle: ({ site, caller, query }) => {
    if ((query.query === undefined) === (query.accountId === undefined) && query.property === undefined) {
      throw new JiraError(400, { messages: [message('required', 'query')] });
    }
    const startAt = query.startAt ?? 0;
    const users = caller.account ? [...site.state.users.values()] : [];
    const body = users
      .filter((one) => one.active)
      .filter((one) =>
        query.accountId === undefined ? fits(query.query ?? '', one) : one.accountId === query.accountId,
      )
      .slice(startAt, startAt + (query.maxResults ?? 50))
      .map((one) => person(site, caller, one));
    return { status: 200, body };
  },
});

const searchAssignable = route({
  method: 'GET',
  path: '/user/assignable/search',
  query: z.strictObject({
    query: text(),
    sessionId: text(),
    accountId: text(128),
    project: text(),
    issueKey: text(),
    issueId: text(),
    startAt: integer(0, Number.MAX_SAFE_INTEGER),
    maxResults: integer(1, 1000),
    actionDescriptorId: integer(0, Number.MAX_SAFE_INTEGER),
    recommend: flag(),
  }),
  answers: { 200: z.array(user) },
  handle: ({ site, caller, query }) => {
    if ((query.query === undefined) === (query.accountId === undefined)) {
      throw new JiraError(400, { messages: [message('required', 'query')] });
    }
    const issue = query.issueKey ?? query.issueId;
    if (issue === undefined && query.project === undefined) {
      throw new JiraError(400, { messages: [message('required', 'project')] });
    }
    if (issue !== undefined && !visibleIssue(site, caller, issue)) throw issueGone();
    if (query.project !== undefined && !site.state.findProject(query.project)) {
      throw new JiraError(404, { messages: [message('projectGone', query.project)] });
    }
    const startAt = query.startAt ?? 0;
    const users = caller.account ? [...site.state.users.values()] : [];
    const body = users
      .slice(startAt, startAt + (query.maxResults ?? 50))
      .filter(({ active, accountType }) => active && accountType !== 'customer')
      .filter((one) =>
        query.accountId === undefined ? fits(query.query ?? '', one) : one.accountId === query.accountId,
      )
      .map((one) => person(site, caller, one));
    return { status: 200, body };
  },
});

export const userRoutes = [myself, getUser, searchUsers, searchAssignable];
