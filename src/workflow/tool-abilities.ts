// Rules about what the tracker's adapter cannot do: they are harmless, but somebody may believe that agents can. Asked by
// feature, like everything of an adapter.

import { dirname, join } from 'node:path';
import type { Workflow, WorkflowProblem } from '../contract/settings.ts';
import type { ToolOperation } from '../contract/tool-operations.ts';
import { OPERATION_GROUPS } from '../contract/tool-policy-match.ts';
import { supports } from '../contract/tool-support.ts';
import type { TrackerAdapter } from '../contract/tracker.ts';
import { shownKey } from './setting-words.ts';

export function toolWarnings(workflow: Workflow, adapter: TrackerAdapter): WorkflowProblem[] {
  const { tools, tracker } = workflow.settings;
  return tools.rules.flatMap(({ number, operations }): WorkflowProblem[] => {
    const named = withoutGroups(operations);
    const unable = named.filter((operation) => !supports(adapter, operation));
    if (unable.length === 0) return [];
    const key = `tools.rules[${number - 1}].operation`;
    const place = workflow.effective.find((setting) => setting.key === key)?.place;
    const where = place === undefined ? workflow.path : join(dirname(workflow.path), place);
    const text = `the tracker adapter "${tracker.kind}" cannot do ${unable.join(', ')}, so that agents never ask for it; take it out`;
    return [{ severity: 'warning', check: `config.${key}`, message: `${where}: ${shownKey(key)}: ${text}` }];
  });
}

/** Who writes `writes` means those that there are. */
function withoutGroups(operations: readonly ToolOperation[]): readonly ToolOperation[] {
  const { reads, writes } = OPERATION_GROUPS;
  const whole = [reads, writes].filter((group) => group.every((one) => operations.includes(one))).flat();
  return operations.filter((operation) => !whole.includes(operation));
}
