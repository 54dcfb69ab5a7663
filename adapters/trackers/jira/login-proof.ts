// Whether we are logged in. Jira takes bad or expired credentials for an anonymous visitor's and answers with empty
// lists; only `/myself` refuses them. It is asked once before the first list of candidates, and again after an error
// that says that credentials went bad, so an empty list never means that there is no work.
import { TrackerError } from '../../../src/contract/tracker.ts';
import type { JiraClient } from './client.ts';
import { readMyself } from './resources/users.ts';

export class LoginProof {
  readonly #client: JiraClient;
  #accountId: string | null = null;

  constructor(client: JiraClient) {
    this.#client = client;
  }

  /** Throws `tracker_auth_error`. Costs one request, then none. */
  async ensure(signal: AbortSignal): Promise<void> {
    await this.accountId(signal);
  }

  async accountId(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    this.#accountId ??= (await readMyself(this.#client, signal)).accountId;
    return this.#accountId;
  }

  /** Forgets the proof when `job` fails for credentials. */
  async watch<T>(job: () => Promise<T>): Promise<T> {
    try {
      return await job();
    } catch (error) {
      if (error instanceof TrackerError && error.kind === 'tracker_auth_error') this.#accountId = null;
      throw error;
    }
  }
}
