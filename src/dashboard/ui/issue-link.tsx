// An issue's name that leads to its page, and its title beneath.

import { issuePath } from '../router.ts';
import { Text } from './text.tsx';

export interface IssueLinkProps {
  readonly identifier: string;
  readonly title?: string | null;
}

export function IssueLink({ identifier, title = null }: IssueLinkProps) {
  return (
    <span class="issue-link">
      <a href={issuePath(identifier)} class="identifier">
        <Text text={identifier} />
      </a>
      {title === null || title === '' ? null : <Text text={title} class="issue-title" />}
    </span>
  );
}
