// What the routes of agents' tools share: the view, or a refusal where there is none, and failures as their own codes.

import { ToolFault, type ToolsView } from '../contract/agent-tools.ts';
import { StoreError } from '../contract/store.ts';
import { TrackerError } from '../contract/tracker.ts';
import { ApiError } from './error-codes.ts';
import type { RouteSource } from './route-source.ts';

/** Throws ApiError `tools_off`. */
export function toolsOf({ tools }: RouteSource): ToolsView {
  if (tools !== undefined) return tools;
  throw new ApiError('tools_off', 'this server was started without the daemon’s tools');
}

/** What a person asks for may fail at the tracker or in the store; both are said, and neither is our mistake. */
export async function withToolErrors<T>({ redact }: RouteSource, ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TrackerError) throw new ApiError('tracker_failed', redact(error.message));
    if (error instanceof ToolFault) throw new ApiError('invalid_details', redact(error.message));
    if (error instanceof StoreError && error.kind === 'write_failed') {
      throw new ApiError('store_failed', redact(error.message));
    }
    throw error;
  }
}
