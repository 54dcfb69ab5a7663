// Points at which a test can stop a request: after it was received (nothing has changed yet) and after it was
// applied (the site has changed, the client does not know). Also the place to change the site or to kill a
// daemon at exactly that moment. Everything held is let go when the server closes.
import type { RecordedRequest } from './recording.ts';

export type HoldPoint = 'received' | 'applied';

export interface Hold {
  /** Fulfilled when a request stands there. */
  readonly reached: Promise<RecordedRequest>;
  /** Lets it go on. Before it was reached: the hold is given up. */
  readonly release: () => void;
}

interface Waiting {
  readonly at: HoldPoint;
  readonly fits: (request: RecordedRequest) => boolean;
  readonly arrive: (request: RecordedRequest) => Promise<void>;
  readonly release: () => void;
}

export class Holds {
  #waiting: Waiting[] = [];
  readonly #held = new Set<() => void>();

  /** Holds the next request to that endpoint, or the next that fits. */
  hold(at: HoldPoint, which: string | ((request: RecordedRequest) => boolean)): Hold {
    const arrived = promised<RecordedRequest>();
    const released = promised<null>();
    const release = (): void => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
      this.#held.delete(release);
      released.resolve(null);
    };
    const entry: Waiting = {
      at,
      fits: typeof which === 'function' ? which : ({ endpoint }) => endpoint === which,
      arrive: async (request) => {
        arrived.resolve(request);
        await released.promise;
      },
      release,
    };
    this.#waiting.push(entry);
    return { reached: arrived.promise, release };
  }

  async pass(at: HoldPoint, request: RecordedRequest): Promise<void> {
    const entry = this.#waiting.find((candidate) => candidate.at === at && candidate.fits(request));
    if (!entry) return;
    this.#waiting = this.#waiting.filter((other) => other !== entry);
    this.#held.add(entry.release);
    await entry.arrive(request);
  }

  releaseAll(): void {
    for (const { release } of this.#waiting) release();
    for (const release of this.#held) release();
  }
}

/** Promise.withResolvers, which Node 20 has not. */
function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
