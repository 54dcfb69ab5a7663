// Removal as the daemon orders it: `before_remove` in the folder, then the folder itself. The script's failure
// stops nothing; it is told and the folder goes.

import type { HookSettings } from '../contract/settings.ts';
import { removeWorkspace } from './remove-workspace.ts';
import { runHook } from './run-hook.ts';
import type { HookResult } from './run-hook.ts';

export interface RemoverDependencies {
  /** The daemon's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly newUuid: () => string;
  /** Called after the script, for one log line. */
  readonly hookEnded?: (order: RemovalOrder, result: HookResult) => void;
}

export interface RemovalOrder {
  /** As the store recorded it. */
  readonly path: string;
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly hooks: Pick<HookSettings, 'beforeRemove' | 'timeoutMs'>;
  readonly secretEnvNames: readonly string[];
  readonly stopGraceMs: number;
}

/**
 * Nothing of the issue may run any more. `missing` is success. Rejects with WorkspaceError; aborting the signal
 * ends the script, after which the folder is still removed.
 */
export type WorkspaceRemover = (order: RemovalOrder, signal: AbortSignal) => Promise<'removed' | 'missing'>;

export function createWorkspaceRemover(dependencies: RemoverDependencies): WorkspaceRemover {
  return (order, signal) => {
    const runBeforeRemove = async (workspacePath: string): Promise<void> => {
      const result = await runHook({
        name: 'before_remove',
        script: order.hooks.beforeRemove,
        subject: {
          issueId: order.issueId,
          issueIdentifier: order.issueIdentifier,
          workspacePath,
          attempt: 0,
        },
        environment: { from: dependencies.environment, secretNames: order.secretEnvNames },
        timeoutMs: order.hooks.timeoutMs,
        graceMs: order.stopGraceMs,
        // No run is under way; a mark of its own still finds children that left the process group.
        mark: dependencies.newUuid(),
        signal,
      });
      dependencies.hookEnded?.(order, result);
    };
    const hasScript = order.hooks.beforeRemove.trim() !== '';
    return removeWorkspace({
      path: order.path,
      identifier: order.issueIdentifier,
      issueId: order.issueId,
      ...(hasScript ? { beforeRemove: runBeforeRemove } : {}),
    });
  };
}
