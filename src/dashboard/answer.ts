// An answer of the API for a component: read when the component appears, when the address changes and when
// somebody says so; what was read stays while the same address is read again, and only then: what another one
// answered is never shown in its place. Never by a timer.

import { useSignal } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import { request } from './api.ts';
import { share } from './share.ts';

export interface Answer<T> {
  /** null until it was read once. */
  readonly data: T | null;
  /** One line; "" when the last reading went well. */
  readonly error: string;
  readonly loading: boolean;
  readonly reload: () => void;
}

/** What one address answered last. */
interface Read<T> {
  readonly url: string | null;
  readonly data: T | null;
  readonly error: string;
}

/**
 * `url` null = nothing is read yet. `again`: when this value changes it is read again, e.g. `daemonStarts.value`.
 * An answer that arrives after the address has changed is dropped.
 */
export function useAnswer<T>(url: string | null, again: unknown = null): Answer<T> {
  const read = useSignal<Read<T>>({ url, data: null, error: '' });
  const loading = useSignal(false);
  const asked = useSignal(0);
  const reload = useCallback(() => (asked.value += 1), [asked]);
  useEffect(() => {
    if (url === null) return undefined;
    const stop = new AbortController();
    const before = (): T | null => (read.peek().url === url ? read.peek().data : null);
    loading.value = true;
    request<T>(url, { signal: stop.signal })
      .then((answer) => {
        if (!stop.signal.aborted) read.value = { url, data: share(before(), answer), error: '' };
      })
      .catch((failure: unknown) => {
        if (stop.signal.aborted) return;
        read.value = {
          url,
          data: before(),
          error: failure instanceof Error ? failure.message : String(failure),
        };
      })
      .finally(() => {
        if (!stop.signal.aborted) loading.value = false;
      });
    return () => stop.abort();
  }, [url, again, asked.value]);
  const { data, error } = read.value.url === url ? read.value : { data: null, error: '' };
  return { data, error, loading: loading.value, reload };
}
