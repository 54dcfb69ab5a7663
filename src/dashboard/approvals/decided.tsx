// How a proposal was decided: by whom, when, with which words, what was changed of it, and what became of it.

import { IssueLink } from '../ui/issue-link.tsx';
import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Utc } from '../ui/time.tsx';
import type { Approval } from '../wire-tools.ts';
import { resultWords, statusWords } from './approval-words.ts';
import { ChangeList } from './change-list.tsx';

export function Decided({ approval }: { readonly approval: Approval }) {
  const { decided_by, decided_at, decisionNote, modifiedDetails, result } = approval;
  const { label, tone } = statusWords(approval);
  const became = resultWords(approval);
  return (
    <Section title="The decision">
      <p class="decided-line">
        <Badge tone={tone}>{label}</Badge>
        {decided_by === null ? null : (
          <span>
            by <Text text={decided_by} lines={0} class="strong" />
          </span>
        )}
        {decided_at === null ? null : (
          <span class="soft">
            <Utc at={decided_at} /> (<Ago at={decided_at} />)
          </span>
        )}
      </p>
      {decisionNote === '' ? null : (
        <blockquote class="decided-note">
          <Text text={decisionNote} lines={0} />
        </blockquote>
      )}
      {modifiedDetails === null ? null : (
        <>
          <h3>What was changed</h3>
          <ChangeList asked={approval} changed={modifiedDetails} />
        </>
      )}
      {result === null || became === null ? null : (
        <p class="decided-line">
          <Badge tone={became.tone}>{became.label}</Badge>
          <Text text={result.message} lines={0} />
          {result.issues.map((identifier) => (
            <IssueLink key={identifier} identifier={identifier} />
          ))}
        </p>
      )}
    </Section>
  );
}
