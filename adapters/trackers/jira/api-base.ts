// Where requests go. Scoped tokens and service accounts work only on the gateway, whose address holds the site's cloud
// id; the site tells it to anybody. It is asked once for all who wait, and again after it failed.
import { z } from 'zod';
import type { JiraRequest } from './client.ts';
import type { ApiBaseSetting } from './settings.ts';

const gatewayOrigin = 'https://api.atlassian.com';
const tenantInfo = z.object({ cloudId: z.string().regex(/^[A-Za-z0-9-]{1,100}$/) });

/** Asks the site, without credentials. */
type AskSite = (request: JiraRequest<{ cloudId: string }>) => Promise<{ cloudId: string }>;

export class ApiBase {
  readonly #setting: ApiBaseSetting;
  readonly #gateway: string;
  readonly #askSite: AskSite;
  #looking: Promise<string> | null = null;

  constructor(setting: ApiBaseSetting, gateway: string | undefined, askSite: AskSite) {
    this.#setting = setting;
    this.#gateway = gateway ?? gatewayOrigin;
    this.#askSite = askSite;
  }

  /** No slash at the end. Throws TrackerError, or the signal's reason. */
  async get(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.#setting.kind === 'fixed') return this.#setting.base;
    if (this.#setting.kind === 'gateway') return this.#baseOf(this.#setting.cloudId);
    return await unlessAborted(this.#look(), signal);
  }

  /** One look-up for all callers, so none of their signals may end it; the client's time limit does. */
  #look(): Promise<string> {
    this.#looking ??= this.#askSite({
      method: 'GET',
      path: '/_edge/tenant_info',
      schema: tenantInfo,
      signal: new AbortController().signal,
    }).then(
      ({ cloudId }) => this.#baseOf(cloudId),
      (error: unknown) => {
        this.#looking = null;
        throw error;
      },
    );
    return this.#looking;
  }

  #baseOf(cloudId: string): string {
    return `${this.#gateway}/ex/jira/${cloudId}`;
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      // It is what the caller's own signal was aborted with.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}
