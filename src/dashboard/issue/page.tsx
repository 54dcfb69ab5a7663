// One issue: why it does or does not run, its attempts, what its agent says, and its whole life. Works for issues that
// the daemon never saw as well: then the explanation stands alone.

import { useAnswer } from '../answer.ts';
import { state } from '../live.ts';
import { identifierOf, navigate, path, query } from '../router.ts';
import { Empty } from '../ui/section.tsx';
import type { Explanation, History, IssueAnswer } from '../wire.ts';
import { Asked } from './asked.tsx';
import { Attempts } from './attempts.tsx';
import { IssueHeader } from './issue-header.tsx';
import { useIssueNews } from './issue-mark.ts';
import { safeHref } from './next-steps.ts';
import { Prompts } from './prompts.tsx';
import { Timeline } from './timeline.tsx';
import { Transcript } from './transcript.tsx';
import { Why } from './why.tsx';
import './issue.css';

const SHOWN_ATTEMPTS = 12;

export function Page() {
  const identifier = identifierOf(path.value);
  if (identifier === null) return <Empty>This address names no issue.</Empty>;
  return <Issue key={identifier} identifier={identifier} />;
}

function Issue({ identifier }: { readonly identifier: string }) {
  const name = encodeURIComponent(identifier);
  const news = useIssueNews(identifier);
  const issue = useAnswer<IssueAnswer>(`/api/v1/issues/${name}`, news);
  const explanation = useAnswer<Explanation>(`/api/v1/issues/${name}/explain`, news);
  const running = state.value?.running.find(sameName(identifier)) ?? null;
  const runs = useAnswer<History>(
    `/api/v1/history?identifier=${name}&limit=${SHOWN_ATTEMPTS}`,
    `${news} ${running?.run_id ?? ''}`,
  );
  const isKnown = issue.data !== null;
  const ended = runs.data?.runs ?? null;
  const chosen = new URLSearchParams(query.value).get('run') ?? running?.run_id ?? ended?.[0]?.run_id ?? null;
  const isChosenRunning = chosen !== null && running?.run_id === chosen;
  const choose = (runId: string): void =>
    navigate(`${path.value}?run=${encodeURIComponent(runId)}`, { replace: true });
  const why = (
    <Why
      identifier={issue.data?.issue_identifier ?? identifier}
      explanation={explanation.data}
      error={explanation.error}
      retry={explanation.reload}
      controls={issue.data?.controls ?? []}
      trackerUrl={safeHref(issue.data?.url)}
      running={running}
    />
  );
  return (
    <>
      <IssueHeader
        identifier={identifier}
        issue={issue.data}
        running={running}
        explanation={explanation.data}
      />
      {isKnown || running !== null ? (
        <div class="issue-columns">
          <div class="issue-column">
            {why}
            <Asked identifier={identifier} news={news} />
            <Timeline identifier={identifier} news={news} running={running} onChooseRun={choose} />
          </div>
          <div class="issue-column">
            <Attempts
              runs={ended}
              hasMore={runs.data?.next_cursor != null}
              error={runs.error}
              retry={runs.reload}
              running={running}
              identifier={identifier}
              chosen={chosen}
              onChoose={choose}
            />
            <Transcript key={chosen ?? ''} runId={chosen} isRunning={isChosenRunning} />
            <Prompts
              key={`prompts-${chosen ?? ''}`}
              runId={chosen}
              turns={isChosenRunning ? (running?.turn_count ?? 0) : 0}
            />
          </div>
        </div>
      ) : (
        why
      )}
    </>
  );
}

function sameName(identifier: string): (one: { readonly issue_identifier: string }) => boolean {
  const name = identifier.toLowerCase();
  return ({ issue_identifier }) => issue_identifier.toLowerCase() === name;
}
