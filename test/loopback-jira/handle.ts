// One request from its arrival to its answer, in a fixed order: stop at "arriving", read and record it, meet its
// fault, log in, count it against the limits, stop at "received", run the route, check the answer, stop at "applied",
// send it, stop at "answered".
// A mistake of the loopback itself is a `defect`: the client gets a 500, and `close()` fails the test.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { login, requireScope, type Caller } from './accounts.ts';
import { JiraError, type Answer } from './answer.ts';
import { changeAnswer } from './changed-answers.ts';
import { checkAnswer } from './check-answer.ts';
import { answerOf } from './error-answers.ts';
import type { Fault, Faults } from './faults.ts';
import type { HoldPoint, Holds } from './holds.ts';
import type { RateLimits } from './limits.ts';
import { message } from './messages.ts';
import { readBody, requireJson } from './reading.ts';
import type { RecordedRequest } from './recording.ts';
import type { Route } from './route.ts';
import { reset, send } from './sending.ts';
import type { Site } from './site.ts';
import { placeOf, type Place } from './place.ts';

/** Each is called at its point of every request, and the request waits for it. May be set at any time. */
export interface Hooks {
  /** Its head has come and its body has not been read: a client that dies here has sent nothing that counts. */
  arriving?: ((head: { readonly method: string; readonly url: string }) => void | Promise<void>) | undefined;
  /** It is known whole and the caller may do it; the site has not changed. It goes on although the client dies. */
  received?: ((request: RecordedRequest) => void | Promise<void>) | undefined;
  /** The site has changed; the client does not know. */
  applied?: ((request: RecordedRequest) => void | Promise<void>) | undefined;
  /** The last byte of the answer was handed to the socket. Not called when a fault or a death kept the answer back. */
  answered?: ((request: RecordedRequest) => void | Promise<void>) | undefined;
}

export interface Server {
  readonly site: Site;
  readonly requests: RecordedRequest[];
  readonly faults: Faults;
  readonly holds: Holds;
  readonly hooks: Hooks;
  readonly limits: RateLimits;
  readonly defects: string[];
  readonly pause: (ms: number) => Promise<boolean>;
}

export async function handle(
  server: Server,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (server.hooks.arriving) {
    await server.hooks.arriving({ method: incoming.method ?? '', url: incoming.url ?? '/' });
  }
  const text = await readBody(incoming);
  if (text === null) return;
  const place = placeOf(server.site, incoming.method ?? '', incoming.url ?? '/');
  const request = record(server, incoming, place, text);
  server.requests.push(request);
  const fault = server.faults.choose(request);
  request.fault = fault?.kind ?? null;
  if (fault?.kind === 'slow' && !(await server.pause(fault.ms))) return;
  if (fault && isEarly(fault)) return meetEarly(server, request, response, fault);
  const answer = await answerTo(server, incoming, place, request);
  const told = instead(fault) ?? changeAnswer(answer, fault, request);
  if (fault?.kind === 'reset' && fault.at === 'after-applied') return reset(response);
  request.status = told.status;
  const wantsGzip =
    server.site.settings.compress && /\bgzip\b/.test(String(incoming.headers['accept-encoding']));
  const headers = { 'X-ARequestId': String(request.number) };
  await send(told, { response, headers, gzip: wantsGzip, fault, pause: server.pause });
  const { answered } = server.hooks;
  if (answered && (await wasFinished(response))) await answered(request);
}

async function wasFinished(response: ServerResponse): Promise<boolean> {
  if (response.destroyed && !response.writableFinished) return false;
  return (
    response.writableFinished ||
    (await finished(response).then(
      () => true,
      () => false,
    ))
  );
}

function record(server: Server, incoming: IncomingMessage, place: Place, text: string): RecordedRequest {
  return {
    number: server.requests.length + 1,
    atMs: server.site.state.now(),
    method: incoming.method ?? '',
    base: place.base,
    path: place.path,
    url: incoming.url ?? '/',
    endpoint: place.endpoint,
    query: place.query,
    headers: incoming.headers,
    text,
    body: parsed(text),
    status: null,
    applied: false,
    violation: null,
    fault: null,
  };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isEarly(fault: Fault): boolean {
  if (fault.kind === 'status' || fault.kind === 'html') return fault.applied !== true;
  if (fault.kind === 'hang') return fault.at === 'headers';
  if (fault.kind === 'reset') return fault.at === 'before';
  return fault.kind === 'redirect';
}

async function meetEarly(
  server: Server,
  request: RecordedRequest,
  response: ServerResponse,
  fault: Fault,
): Promise<void> {
  if (fault.kind === 'hang') return;
  if (fault.kind === 'reset') return reset(response);
  const told: Answer | null =
    fault.kind === 'redirect'
      ? { status: fault.status ?? 302, headers: { Location: new URL(request.url, fault.to).href } }
      : instead(fault);
  if (!told) return;
  request.status = told.status;
  await send(told, { response, headers: {}, gzip: false, fault: null, pause: server.pause });
}

const page =
  '<!DOCTYPE html><html><head><title>Log in</title></head><body>Down for maintenance</body></html>';

/** What a fault says in place of the route's answer. */
function instead(fault: Fault | null): Answer | null {
  if (fault?.kind === 'html') {
    const headers = { 'Content-Type': 'text/html;charset=UTF-8' };
    return { status: fault.status ?? 200, headers, text: page };
  }
  if (fault?.kind !== 'status') return null;
  const { status, headers = {}, body, text } = fault;
  if (text !== undefined) return { status, headers: { 'Content-Type': 'text/plain', ...headers }, text };
  if (status === 204 || status === 304) return { status, headers };
  return { status, headers, body: body ?? { errorMessages: [`status ${status}`], errors: {} } };
}

async function answerTo(
  server: Server,
  incoming: IncomingMessage,
  place: Place,
  request: RecordedRequest,
): Promise<Answer> {
  const { site } = server;
  let caller: Caller | null = null;
  let answer: Answer;
  try {
    if (place.answer) return place.answer;
    caller = login(
      incoming.headers.authorization,
      place.base === 'gateway' ? 'gateway' : 'site',
      site.accounts,
      site.settings,
    );
    const { route } = place;
    if (!route) throw notThere(place);
    requireScope(caller, route.writes);
    countRequest(server, place, route);
    await stopAt('received', server, request);
    if (request.text !== '') requireJson(incoming.headers['content-type'], request);
    answer = route.run({ site, caller, path: place.values, query: place.query, body: request.body });
    request.applied = true;
    if (site.settings.checkAnswers) noteDefect(server, request, checkAnswer(route, answer));
    await stopAt('applied', server, request);
  } catch (error) {
    answer = refusal(server, request, error);
  }
  if (caller?.loginReason == null) return answer;
  return { ...answer, headers: { ...answer.headers, 'X-Seraph-LoginReason': caller.loginReason } };
}

function notThere({ missing, path }: Place): JiraError {
  const status = missing === 'no-method' ? 405 : 404;
  const text = `${missing === 'no-method' ? 'no such method for' : 'no such path as'} ${path}`;
  return new JiraError(status, { messages: [message('invalidParameter', path)], violation: text });
}

function countRequest(
  { site, limits }: Server,
  { values }: Place,
  { endpoint, method, writes }: Route,
): void {
  const issue = site.state.findIssue(values['issueIdOrKey'] ?? '');
  limits.count({ endpoint, method, writes, issueId: issue?.id ?? null }, site.settings, site.state.now());
}

async function stopAt(at: HoldPoint, { holds, hooks }: Server, request: RecordedRequest): Promise<void> {
  await hooks[at]?.(request);
  await holds.pass(at, request);
}

function refusal(server: Server, request: RecordedRequest, error: unknown): Answer {
  if (!(error instanceof JiraError)) {
    noteDefect(server, request, error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { status: 500, body: { errorMessages: ['defect of the loopback'], errors: {} } };
  }
  request.violation = error.violation;
  const { problemJson } = server.site.settings;
  const asProblem = problemJson === 'always' || (problemJson === 'alternate' && request.number % 2 === 0);
  return answerOf(error, server.site.settings, request.path, asProblem);
}

function noteDefect({ defects }: Server, { method, path }: RecordedRequest, problem: string | null): void {
  if (problem !== null) defects.push(`${method} ${path}: ${problem}`);
}
