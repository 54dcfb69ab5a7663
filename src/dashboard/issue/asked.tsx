// What agents asked for during the runs of one issue, what these runs wrote, also to other issues, and what others wrote to
// it: only where there was anything.

import { writeWords, statusWords } from '../approvals/approval-words.ts';
import { actionLabel } from '../approvals/fields.ts';
import { useAnswer } from '../answer.ts';
import { useAtMostEvery } from '../ended-runs.ts';
import { state } from '../live.ts';
import { issuePath, proposalPath } from '../router.ts';
import { Badge } from '../ui/badge.tsx';
import { Failure, Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import type { Approvals, Outbox, OutboxWrite } from '../wire-tools.ts';

const SHOWN = 20;
/** Writes come in bursts. */
const PAUSE_MS = 2_000;

export interface AskedProps {
  readonly identifier: string;
  /** Rises when there is something new. */
  readonly news: number;
}

export function Asked({ identifier, news }: AskedProps) {
  const name = encodeURIComponent(identifier);
  const { approvals_pending, outbox_open } = state.value ?? {};
  const mark = useAtMostEvery(PAUSE_MS, `${news} ${approvals_pending ?? ''} ${outbox_open ?? ''}`);
  const proposals = useAnswer<Approvals>(`/api/v1/approvals?identifier=${name}&limit=${SHOWN}`, mark);
  const writes = useAnswer<Outbox>(`/api/v1/outbox?status=all&identifier=${name}&limit=${SHOWN}`, mark);
  const asked = proposals.data?.approvals ?? [];
  const written = writes.data?.writes ?? [];
  const error = proposals.error === '' ? writes.error : proposals.error;
  if (asked.length === 0 && written.length === 0 && error === '') return null;
  return (
    <Section
      title="Proposals and writes"
      aside={asked.length === 0 ? undefined : <a href={`/approvals?identifier=${name}`}>All its proposals</a>}
    >
      <Failure
        error={error}
        retry={() => {
          proposals.reload();
          writes.reload();
        }}
      />
      {asked.length === 0 ? null : (
        <ul class="asked" aria-label="Proposals">
          {asked.map((approval) => {
            const { label, tone } = statusWords(approval);
            return (
              <li key={approval.id}>
                <Badge tone={tone}>{label}</Badge>
                <a href={proposalPath(approval.id)} class="asked-what">
                  <Text text={approval.summary} />
                </a>
                <span class="soft">
                  <Ago at={approval.requested_at} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {written.length === 0 ? null : (
        <ul class="asked" aria-label="Writes">
          {written.map((write) => {
            const { label, tone } = writeWords(write);
            return (
              <li key={write.id}>
                <Badge tone={tone}>{label}</Badge>
                <span class="asked-what">
                  <Text text={`${actionLabel(write.operation)}: ${write.summary}`} />
                  <Elsewhere write={write} identifier={identifier} />
                  {write.detail === '' ? null : <Text text={write.detail} lines={2} class="soft" />}
                </span>
                <span class="soft">
                  <Ago at={write.ended_at ?? write.requested_at} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

interface ElsewhereProps {
  readonly write: Pick<OutboxWrite, 'issue_identifier' | 'run_issue_identifier'>;
  readonly identifier: string;
}

/** The other issue, where there is one: that it was written to, or whose run wrote to this one. */
function Elsewhere({
  write: { issue_identifier: target, run_issue_identifier: own },
  identifier,
}: ElsewhereProps) {
  if (!isSame(target, identifier)) return <OtherIssue words="to" identifier={target} />;
  if (own !== null && !isSame(own, identifier)) return <OtherIssue words="by a run of" identifier={own} />;
  return null;
}

function OtherIssue({ words, identifier }: { readonly words: string; readonly identifier: string }) {
  return (
    <span class="asked-where">
      {words}{' '}
      <a href={issuePath(identifier)}>
        <Text text={identifier} lines={0} />
      </a>
    </span>
  );
}

/** The address may be typed in another case. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
