// What the doctor finds on a healthy site, and what it says about each thing that will not work.
import { expect, it } from 'vitest';
import type { DoctorFinding, DoctorRequest } from '../../../../src/contract/tracker-capabilities.ts';
import {
  account,
  addIssue,
  addProject,
  basicSite,
  botId,
  setTransitions,
  statusNamed,
  transition,
  type Answer,
} from '../../../loopback-jira/index.ts';
import { attach, loopback } from './loopback.ts';
import type { jiraContext } from './jira-context.ts';
import { scripted } from './scripted-jira.ts';

const plan: DoctorRequest = {
  handoffState: 'In Review',
  inProgressState: 'In Progress',
  writes: ['transition'],
};

async function findings(
  jira: { readonly url: string },
  changes: Parameters<typeof jiraContext>[0] = {},
  request = plan,
): Promise<DoctorFinding[]> {
  const { tracker } = attach(jira, changes);
  const found: DoctorFinding[] = [];
  for await (const finding of tracker.diagnose(request, new AbortController().signal)) found.push(finding);
  return found;
}

function of(found: readonly DoctorFinding[], check: string): Omit<DoctorFinding, 'check' | 'remedy'>[] {
  return found
    .filter((finding) => finding.check === check)
    .map(({ status, message }) => ({ status, message }));
}

function busy() {
  const state = basicSite();
  for (const status of ['Selected for Development', 'In Progress']) addIssue(state, 'PROJ', { status });
  return state;
}

it('has nothing to say against a healthy site, and writes nothing', async () => {
  const jira = await loopback({ state: busy() });
  const found = await findings(jira);
  const wrong = found.filter(({ status, check }) => status !== 'ok' && check !== 'permissions');
  expect(wrong).toEqual([]);
  expect(of(found, 'credentials')).toEqual([
    { status: 'ok', message: expect.stringContaining(`logged in as Sortie Bot (`) as string },
  ]);
  expect(of(found, 'transitions').map(({ message }) => message)).toEqual([
    '"Start work" leads from "Selected for Development" to "In Progress" (seen on PROJ-1)',
    '"Ask for review" leads from "Selected for Development" to "In Review" (seen on PROJ-1)',
    '"Ask for review" leads from "In Progress" to "In Review" (seen on PROJ-2)',
  ]);
  expect(of(found, 'filter')).toEqual([{ status: 'ok', message: 'about 2 issues are in an active state' }]);
  expect(jira.requests.filter(({ method }) => method !== 'GET').map(({ endpoint }) => endpoint)).toEqual([
    'POST /search/approximate-count',
  ]);
});

it('stops at bad credentials, with what to do', async () => {
  const found = await findings(await loopback({ accounts: [account({ accountId: botId, token: 'other' })] }));
  expect(found.map(({ status, check }) => `${status} ${check}`)).toEqual([
    'ok site',
    'problem credentials',
    'ok webhook',
  ]);
  expect(found[1]?.remedy).toContain('jira.cloud_id: auto');
});

it('says that requests go through the gateway', async () => {
  const jira = await loopback({ state: busy(), accounts: [account({ accountId: botId, kind: 'scoped' })] });
  const [site, login] = await findings(jira, { settings: { api_base: jira.gatewayUrl } });
  expect(site?.message).toBe(`requests go through ${jira.gatewayUrl}, links to ${jira.url}`);
  expect(login?.status).toBe('ok');
});

it('misses a project, and asks no further about it', async () => {
  const found = await findings(await loopback({ state: busy() }), { project: 'NOPE' });
  expect(of(found, 'project')).toEqual([
    { status: 'problem', message: 'there is no project "NOPE", or the account may not see it' },
  ]);
  expect(of(found, 'states')).toEqual([]);
});

it('names each configured state that the project does not have, beside those that it has', async () => {
  const found = await findings(
    await loopback({ state: busy() }),
    { activeStates: ['in progress', 'Doing'], terminalStates: [] },
    { ...plan, handoffState: 'QA' },
  );
  const states = found.filter(({ check }) => check === 'states');
  expect(states.map(({ status, message }) => [status, message])).toEqual([
    ['problem', 'tracker.active_states names what no issue type of PROJ has: "Doing"'],
    ['problem', 'tracker.handoff_state names what no issue type of PROJ has: "QA"'],
    ['ok', 'tracker.in_progress_state: "In Progress"'],
  ]);
  expect(states[0]?.remedy).toContain(
    '"Backlog", "Selected for Development", "In Progress", "In Review", "Done"',
  );
});

it('finds missing ways, required fields and a missing permission to move', async () => {
  const state = busy();
  const id = (name: string): string => statusNamed(state, name).id;
  const review = transition({ id: '5', name: 'Review', to: id('In Review'), from: [id('In Progress')] });
  setTransitions(state, 'PROJ', [
    { ...review, screen: [{ fieldId: 'resolution', required: true }] },
    transition({ id: '6', name: 'Begin', to: id('In Progress'), from: [id('Selected for Development')] }),
  ]);
  const jira = await loopback({ state });
  const found = await findings(jira, {
    activeStates: ['Selected for Development', 'In Progress', 'Backlog'],
  });
  expect(of(found, 'required_fields')).toEqual([
    {
      status: 'problem',
      message: expect.stringMatching(/^transition "Review" .* wants fields: "Resolution"$/) as string,
    },
  ]);
  expect(of(found, 'transitions').map(({ status, message }) => `${status}: ${message}`)).toEqual([
    'ok: "Begin" leads from "Selected for Development" to "In Progress" (seen on PROJ-1)',
    'problem: no transition from "Selected for Development" to "In Review" (seen on PROJ-1)',
    'warning: no issue is in "Backlog", so its transitions could not be looked at',
  ]);
  setTransitions(state, 'PROJ', []);
  expect(of(await findings(jira), 'transitions')[0]).toEqual({
    status: 'problem',
    message: 'PROJ-1 in "Selected for Development" has no transition at all',
  });
});

it('wants no way to the handoff around the in-progress state when there is one through it', async () => {
  const state = busy();
  const id = (name: string): string => statusNamed(state, name).id;
  setTransitions(state, 'PROJ', [
    transition({ id: '5', name: 'Review', to: id('In Review'), from: [id('In Progress')] }),
    transition({ id: '6', name: 'Begin', to: id('In Progress'), from: [id('Selected for Development')] }),
  ]);
  const jira = await loopback({ state });
  const around = `no transition from "Selected for Development" to "In Review" (seen on PROJ-1)`;
  expect(of(await findings(jira), 'transitions')).toContainEqual({
    status: 'warning',
    message: `${around}, but one by way of "In Progress"`,
  });
  const direct = await findings(jira, {}, { ...plan, inProgressState: '' });
  expect(of(direct, 'transitions')).toContainEqual({ status: 'problem', message: around });
});

it('says when the filter is refused, and when it finds nothing', async () => {
  const jira = await loopback({ state: busy() });
  const refused = await findings(jira, { queryFilter: 'nonsense = 1' });
  expect(of(refused, 'filter')[0]?.status).toBe('problem');
  const nothing = await findings(jira, { queryFilter: 'labels = nothing' });
  expect(of(nothing, 'filter')).toEqual([
    { status: 'warning', message: 'no issues are in an active state and fit tracker.query_filter' },
  ]);
});

it('finds a renamed link type and a priority scheme whose ids are no ranks', async () => {
  const state = busy();
  state.linkTypes.set('10000', { id: '10000', name: 'Blockiert', inward: 'a', outward: 'b' });
  state.priorities.unshift({ id: '10000', name: 'Show Stopper' });
  const jira = await loopback({ state });
  const found = await findings(jira);
  expect(of(found, 'link_types')[0]?.status).toBe('warning');
  const [priorities] = found.filter(({ check }) => check === 'priorities');
  expect(priorities?.status).toBe('warning');
  expect(priorities?.remedy).toContain('["Show Stopper", "Highest"');
  const ordered = await findings(jira, { settings: { priority_order: ['Show Stopper', 'Hihg'] } });
  expect(of(ordered, 'priorities')).toEqual([
    { status: 'problem', message: 'jira.priority_order names no priority of this site: "Hihg"' },
  ]);
});

it.each([
  // To some seconds: the date is of before the request.
  [10 * 60_000, /^this machine's clock is (?:5[6-9]\d|60[01]) s behind Jira's$/],
  [-10 * 60_000, /^this machine's clock is (?:599|6[0-4]\d) s ahead of Jira's$/],
])('tells a clock that is off by %d ms', async (offMs, message) => {
  const jira = await loopback({ state: busy() });
  const date = new Date(Date.now() + offMs).toUTCString();
  const answer = (given: Answer): Answer => ({ ...given, headers: { ...given.headers, Date: date } });
  jira.faults.once('GET /myself', { kind: 'change', answer });
  expect(of(await findings(jira), 'clock')).toEqual([
    { status: 'warning', message: expect.stringMatching(message) as string },
  ]);
});

it('reads permissions as Jira tells them', async () => {
  const have = { TRANSITION_ISSUES: true, ADD_COMMENTS: false, EDIT_OWN_COMMENTS: true };
  const { tracker, asked } = await scripted(({ path }) => {
    if (path === '/rest/api/3/project/PROJ') return { body: { id: '1', key: 'PROJ' } };
    if (path !== '/rest/api/3/mypermissions') return null;
    const entries = Object.entries(have).map(([key, havePermission]) => [key, { key, havePermission }]);
    return { body: { permissions: Object.fromEntries(entries) as object } };
  });
  const found: DoctorFinding[] = [];
  const request: DoctorRequest = { ...plan, writes: ['transition', 'comment', 'comment_edit'] };
  for await (const finding of tracker.diagnose(request, new AbortController().signal)) found.push(finding);
  expect(of(found, 'permissions')).toEqual([
    { status: 'ok', message: '"Transition issues": yes' },
    { status: 'problem', message: 'the account lacks "Add comments" in PROJ, which comment writes need' },
    { status: 'ok', message: '"Edit own comments": yes' },
  ]);
  const { query } = asked.find(({ path }) => path.endsWith('/mypermissions')) ?? {};
  expect(Object.fromEntries(query ?? [])).toEqual({
    projectKey: 'PROJ',
    permissions: 'TRANSITION_ISSUES,ADD_COMMENTS,EDIT_OWN_COMMENTS',
  });
});

it('asks for no permission to edit comments when none is edited', async () => {
  const { tracker, asked } = await scripted(({ path }) => {
    if (path === '/rest/api/3/project/PROJ') return { body: { id: '1', key: 'PROJ' } };
    if (path !== '/rest/api/3/mypermissions') return null;
    return { body: { permissions: { ADD_COMMENTS: { havePermission: true } } } };
  });
  const request: DoctorRequest = { handoffState: '', inProgressState: '', writes: ['comment'] };
  const found: DoctorFinding[] = [];
  for await (const finding of tracker.diagnose(request, new AbortController().signal)) found.push(finding);
  expect(of(found, 'permissions')).toEqual([{ status: 'ok', message: '"Add comments": yes' }]);
  const { query } = asked.find(({ path }) => path.endsWith('/mypermissions')) ?? {};
  expect(query?.get('permissions')).toBe('ADD_COMMENTS');
});

it('finds what is wrong instead of throwing, when Jira is down', async () => {
  const jira = await loopback({ state: busy() });
  jira.faults.add({ endpoint: 'GET /issueLinkType', fault: { kind: 'status', status: 500 } });
  const found = await findings(jira);
  expect(of(found, 'link_types')).toEqual([
    { status: 'problem', message: expect.stringContaining('tracker_transport_error') as string },
  ]);
  expect(of(found, 'priorities')[0]?.status).toBe('ok');
});

it('only warns when it may not read what the daemon never reads', async () => {
  const jira = await loopback({ state: busy() });
  const forbidden = ['GET /issueLinkType', 'GET /priority/search', 'GET /project/{projectIdOrKey}/statuses'];
  for (const endpoint of forbidden) jira.faults.add({ endpoint, fault: { kind: 'status', status: 403 } });
  const found = await findings(jira);
  expect(found.filter(({ status }) => status === 'problem')).toEqual([]);
  for (const check of ['link_types', 'priorities', 'states'])
    expect(of(found, check)).toEqual([
      { status: 'warning', message: expect.stringContaining('could not be looked at') as string },
    ]);
});

it('ends as an abort when its signal fires', async () => {
  const { tracker } = attach(await loopback({ state: busy() }));
  const controller = new AbortController();
  const reading = tracker.diagnose(plan, controller.signal)[Symbol.asyncIterator]();
  await reading.next();
  controller.abort();
  await expect(reading.next()).rejects.toMatchObject({ name: 'AbortError' });
});

it('knows a project by an old key or its id, and says which key to write', async () => {
  const state = busy();
  const { id } = addProject(state, 'THIRD');
  expect(of(await findings(await loopback({ state }), { project: id }), 'project')[0]?.status).toBe(
    'warning',
  );
});
