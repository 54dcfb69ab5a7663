// Operations by kind, and lists of them in few words: `all writes` instead of eleven names. Pure. An operation that came
// with a newer daemon stands under its own name.

import type {
  MessageOperation,
  ReadOperation,
  ToolOperation,
  WriteOperation,
} from '../../contract/tool-operations.ts';

interface OperationGroup {
  readonly label: string;
  /** As the policy's defaults and the rules' short words divide them. */
  readonly all: string;
  readonly operations: readonly ToolOperation[];
}

const reads: readonly ReadOperation[] = [
  'fetch_issue',
  'fetch_comments',
  'search_issues',
  'list_projects',
  'get_user',
];
const writes: readonly WriteOperation[] = [
  'create_issue',
  'create_issues',
  'update_issue',
  'transition_issue',
  'add_comment',
  'add_worklog',
  'link_issues',
  'add_labels',
  'remove_labels',
  'assign_issue',
  'add_watcher',
];
const messages: readonly MessageOperation[] = ['notify_operator'];

export const operationGroups: readonly OperationGroup[] = [
  { label: 'Writes', all: 'all writes', operations: writes },
  { label: 'Reads', all: 'all reads', operations: reads },
  { label: 'Messages', all: 'messages to people', operations: messages },
];

export interface OperationWord {
  readonly text: string;
  /** The name of an operation, as rules are written; else a word for many. */
  readonly isName: boolean;
}

/** What a rule is about; whole groups in one word. */
export function operationWords(operations: readonly string[]): readonly OperationWord[] {
  const whole = operationGroups.filter(
    (group) => group.operations.length > 1 && group.operations.every((one) => operations.includes(one)),
  );
  const said = new Set<string>(whole.flatMap((group) => group.operations));
  return [
    ...whole.map(({ all }) => ({ text: all, isName: false })),
    ...operations.filter((one) => !said.has(one)).map((text) => ({ text, isName: true })),
  ];
}
