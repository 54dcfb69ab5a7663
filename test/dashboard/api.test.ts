// What is said when no answer comes: nothing is claimed that nobody knows.
import { afterEach, expect, it, vi } from 'vitest';

vi.stubGlobal('location', { pathname: '/', search: '', origin: 'http://127.0.0.1' });
interface Api {
  readonly ApiFailure: new () => Error;
  post(url: string, body: unknown): Promise<unknown>;
  request(url: string, options?: { readonly signal?: AbortSignal }): Promise<unknown>;
}
// Not by its name: the page is checked with a browser's types, the tests with those of Node.
const module = new URL('../../src/dashboard/api.ts', import.meta.url).href;
const { ApiFailure, post, request } = (await import(module)) as Api;

afterEach(() => vi.unstubAllGlobals());

const broken = (): Response =>
  new Response(new ReadableStream({ start: (controller) => controller.error(new TypeError('reset')) }));

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

it.each([
  ['no answer', () => Promise.reject(new TypeError('refused'))],
  ['half an answer', () => Promise.resolve(broken())],
])('%s to a word is no reason to say that nothing was changed', async (_name, answer) => {
  vi.stubGlobal('fetch', answer);
  const failure = await failureOf(post('/api/v1/pause', {}));
  expect(failure).toBeInstanceOf(ApiFailure);
  expect(failure).toMatchObject({
    code: 'offline',
    status: 0,
    message: 'No answer came; look at the state before you say it again.',
  });
  const read = await failureOf(request('/api/v1/settings'));
  expect(read).toMatchObject({ code: 'offline', message: 'The daemon does not answer.' });
});

it('a call that its caller ended is not the daemon’s failure', async () => {
  const stop = new AbortController();
  vi.stubGlobal('fetch', async () => {
    stop.abort();
    throw stop.signal.reason;
  });
  expect(await failureOf(request('/api/v1/settings', { signal: stop.signal }))).not.toBeInstanceOf(
    ApiFailure,
  );
});
