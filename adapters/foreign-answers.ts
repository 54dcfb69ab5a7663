// What a third party's adapter answers is checked before anything of ours sees it: one missing field would break the
// core, which trusts its words. A wrong answer is a `tracker_payload_error` that names method and field, as if the
// tracker had sent it. Fields beyond ours pass.
import { z } from 'zod';
import { TrackerError } from '../src/contract/tracker.ts';

const ref = z.looseObject({ id: z.string().min(1), identifier: z.string().min(1) });
const comment = z.looseObject({
  id: z.string(),
  author: z.string(),
  body: z.string(),
  createdAt: z.string(),
});
// Empty ids, titles and states are the core's affair: it has a verdict for them.
const issue = z.looseObject({
  id: z.string(),
  identifier: z.string(),
  title: z.string(),
  description: z.string(),
  priority: z.int().nullable(),
  state: z.string(),
  branchName: z.string(),
  url: z.string(),
  assignee: z.string(),
  issueType: z.string(),
  labels: z.array(z.string()),
  parent: ref.nullable(),
  comments: z.array(comment).nullable(),
  blockedBy: z.array(z.looseObject({ id: z.string(), identifier: z.string(), state: z.string() })),
  createdAt: z.string(),
  updatedAt: z.string(),
});
const issues = z.array(issue);
const user = z.looseObject({ accountId: z.string(), displayName: z.string(), email: z.string() });
const states = z.map(z.string(), z.string());

/** By method; what is not here answers nothing that we look into. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  fetchCandidateIssues: issues,
  fetchIssuesByStates: issues,
  streamCandidateIssues: issues,
  fetchIssueById: issue,
  fetchIssueByIdentifier: issue,
  fetchIssueStatesByIds: states,
  fetchIssueStatesByIdentifiers: states,
  fetchIssueComments: z.array(comment),
  countIssuesByStates: z.int().min(0),
  isCandidate: z.boolean(),
  addComment: z.string(),
  findOwnComment: z.string().nullable(),
  addKeyedComment: z.string(),
  findKeyedComment: z.string().nullable(),
  createKeyedIssue: ref,
  findKeyedIssue: ref.nullable(),
  addWorklog: z.string(),
  findWorklog: z.string().nullable(),
  linkIssues: z.looseObject({ wasThere: z.boolean() }),
  findUsers: z.array(user),
  getUser: user,
  listProjects: z.array(z.looseObject({ key: z.string(), name: z.string() })),
  listTransitions: z.array(z.looseObject({ name: z.string(), toState: z.string() })),
  readFields: z.record(z.string(), z.union([z.string(), z.array(z.string()), z.null()])),
  searchIssues: z.looseObject({ issues, nextCursor: z.string().nullable() }),
  discoverSchema: z.looseObject({
    projects: z.array(z.looseObject({ key: z.string(), name: z.string() })),
    issueTypes: z.array(z.looseObject({ id: z.string(), name: z.string(), subtask: z.boolean() })),
    statuses: z.array(z.looseObject({ name: z.string(), category: z.string() })),
    priorities: z.array(z.looseObject({ id: z.string(), name: z.string() })),
    fields: z.array(z.looseObject({ id: z.string(), name: z.string(), type: z.string() })),
  }),
};

/** The answer itself. Throws TrackerError `tracker_payload_error`. */
export function checkAnswer<T>(method: string, answer: T): T {
  const shape = Object.hasOwn(ANSWERS, method) ? ANSWERS[method] : undefined;
  const problem = shape?.safeParse(answer).error?.issues[0];
  if (problem === undefined) return answer;
  const place = problem.path.length === 0 ? 'its answer' : problem.path.join('.');
  throw new TrackerError({
    kind: 'tracker_payload_error',
    method,
    path: '(adapter)',
    detail: `${place}: ${problem.message}; correct the adapter`,
  });
}
