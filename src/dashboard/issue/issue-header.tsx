// Which issue it is, how it stands, and what may be done with it.

import { ControlButton } from '../control/button.tsx';
import { isControl } from '../control/wording.ts';
import { verdictWords, words } from '../phrases.ts';
import type { Tone } from '../tone.ts';
import { Badge } from '../ui/badge.tsx';
import { Text } from '../ui/text.tsx';
import { Countdown, Elapsed } from '../ui/time.tsx';
import type { Explanation, IssueAnswer, Running } from '../wire.ts';
import { CopyButton } from './copy-button.tsx';
import { safeHref } from './next-steps.ts';

export interface IssueHeaderProps {
  readonly identifier: string;
  /** null = not known, or not read yet. */
  readonly issue: IssueAnswer | null;
  /** From the stream of states: ticks. */
  readonly running: Running | null;
  /** null = not read yet. */
  readonly explanation: Explanation | null;
}

const tones: Readonly<Record<IssueAnswer['status'], Tone>> = {
  running: 'live',
  retrying: 'warn',
  parked: 'warn',
  released: 'calm',
};

const stateVerdicts = new Set(['state_not_active', 'state_terminal']);

/** What was looked up for the explanation is newer than what the last run began with; its detail is the state. */
export function isAnotherState(state: string, explanation: Explanation | null): boolean {
  if (explanation === null || !stateVerdicts.has(explanation.verdict)) return false;
  return explanation.detail.trim().toLowerCase() !== state.trim().toLowerCase();
}

export function IssueHeader({ identifier, issue, running, explanation }: IssueHeaderProps) {
  const href = safeHref(issue?.url);
  const title = issue?.title ?? running?.title ?? '';
  const state = running?.state ?? issue?.state ?? '';
  const isOld = issue?.status === 'released' && isAnotherState(state, explanation);
  const path = running?.workspace_path ?? issue?.workspace?.path ?? '';
  return (
    <header class="issue-head">
      <div class="issue-head-line">
        <h1 class="issue-name">
          <span class="mono">
            <Text text={issue?.issue_identifier ?? identifier} />
          </span>
          <Text text={title} lines={3} class="issue-name-title" />
        </h1>
        {issue === null ? null : (
          <span class="controls issue-controls">
            {issue.controls.filter(isControl).map((control) => (
              <ControlButton
                key={control}
                control={control}
                identifier={issue.issue_identifier}
                class="small"
              />
            ))}
          </span>
        )}
      </div>
      {issue === null ? null : (
        <div class="issue-facts">
          <Status issue={issue} running={running} />
          {state === '' ? null : (
            <span class="issue-fact">
              <span class="soft">Tracker state {isOld ? 'at its last run ' : ''}</span>
              <Text text={state} />
            </span>
          )}
          {href === '' ? null : (
            <a href={href} target="_blank" rel="noopener noreferrer">
              Open in the tracker<span aria-hidden="true"> ↗</span>
              <span class="unseen"> (new tab)</span>
            </a>
          )}
          {path === '' ? null : (
            <span class="issue-fact issue-path">
              <span class="soft">Workspace </span>
              <span class="mono">
                <Text text={path} />
              </span>
              <CopyButton text={path} what="workspace path" />
            </span>
          )}
        </div>
      )}
    </header>
  );
}

function Status({ issue, running }: { readonly issue: IssueAnswer; readonly running: Running | null }) {
  if (running !== null) {
    return (
      <span class="issue-fact">
        <Badge tone="live">Running</Badge>
        <span>
          {words(running.phase)}, turn {running.turn_count}, <Elapsed at={running.started_at} />
        </span>
      </span>
    );
  }
  const { status, retry, park, verdict } = issue;
  const label =
    status === 'released' && verdict !== null ? verdictWords(verdict.verdict).label : words(status);
  return (
    <span class="issue-fact">
      <Badge tone={tones[status]}>{label}</Badge>
      {retry === null ? null : <Countdown at={retry.due_at} />}
      {park === null ? null : <span>{words(park.reason)}</span>}
    </span>
  );
}
