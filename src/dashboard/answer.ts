// An answer of the API for a component: read when the component appears, when the address changes and when
// somebody says so; what was read stays while it is read again. Never by a timer.

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

/**
 * `url` null = nothing is read yet. `again`: when this value changes it is read again, e.g. `daemonStarts.value`.
 * An answer that arrives after the address has changed is dropped.
 */
export function useAnswer<T>(url: string | null, again: unknown = null): Answer<T> {
  const data = useSignal<T | null>(null);
  const error = useSignal('');
  const loading = useSignal(false);
  const asked = useSignal(0);
  const reload = useCallback(() => (asked.value += 1), [asked]);
  useEffect(() => {
    if (url === null) return undefined;
    const stop = new AbortController();
    loading.value = true;
    request<T>(url, { signal: stop.signal })
      .then((answer) => {
        data.value = share(data.value, answer);
        error.value = '';
      })
      .catch((failure: unknown) => {
        if (!stop.signal.aborted) error.value = failure instanceof Error ? failure.message : String(failure);
      })
      .finally(() => {
        if (!stop.signal.aborted) loading.value = false;
      });
    return () => stop.abort();
  }, [url, again, asked.value]);
  return {
    data: data.value,
    error: error.value,
    loading: loading.value,
    reload,
  };
}
