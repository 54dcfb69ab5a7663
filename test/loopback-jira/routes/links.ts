// Links between issues and their types. In a link of the type Blocks the inward issue is the blocker.
import { checkAdf } from '../adf/check.ts';
import { JiraError } from '../answer.ts';
import { message } from '../messages.ts';
import type { Adf, IssueRecord } from '../model.ts';
import { linkTypeDetails } from '../render/site-things.ts';
import { issueGone, noParameters, route } from '../route.ts';
import { linkToCreate, linkTypes } from '../shapes/site.ts';
import { addComment } from '../writes.ts';
import { requirePermission, visibleIssue } from './lookup.ts';

const createLink = route({
  method: 'POST',
  path: '/issueLink',
  query: noParameters,
  body: linkToCreate,
  answers: { 201: null },
  handle: ({ site, caller, body }) => {
    const { state } = site;
    const issueOf = ({ id, key }: { id?: string | undefined; key?: string | undefined }): IssueRecord => {
      const issue = visibleIssue(site, caller, id ?? key ?? '');
      if (!issue) throw issueGone();
      return issue;
    };
    const [inward, outward] = [issueOf(body.inwardIssue), issueOf(body.outwardIssue)];
    requirePermission(caller, 'link', 404);
    const { id: typeId, name: typeName } = body.type;
    const type = [...state.linkTypes.values()].find(({ id, name }) =>
      typeId === undefined ? name === typeName : id === typeId,
    );
    if (!type) throw new JiraError(404, { messages: [message('linkTypeGone', typeName ?? typeId ?? '')] });
    const document = body.comment?.body;
    const problem = body.comment === undefined ? null : checkAdf(document);
    if (problem !== null) {
      throw new JiraError(400, {
        errors: { comment: message('commentBody') },
        violation: `body: ${problem}`,
      });
    }
    const link = { id: state.nextId(), typeId: type.id, inwardId: inward.id, outwardId: outward.id };
    state.addLink(link);
    for (const { id } of [inward, outward]) state.editIssue(id, {});
    if (document !== undefined) addComment(site, caller, outward, document as Adf);
    return { status: 201 };
  },
});

const listLinkTypes = route({
  method: 'GET',
  path: '/issueLinkType',
  query: noParameters,
  answers: { 200: linkTypes },
  handle: ({ site, caller }) => {
    const types = caller.account ? [...site.state.linkTypes.values()] : [];
    return { status: 200, body: { issueLinkTypes: types.map((type) => linkTypeDetails(site, type)) } };
  },
});

export const linkRoutes = [createLink, listLinkTypes];
