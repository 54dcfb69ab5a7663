// Where a proposal comes from, who may decide it and by which rule, and how long it waits.

import { issuePath } from '../router.ts';
import { IssueLink } from '../ui/issue-link.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Countdown, Utc } from '../ui/time.tsx';
import type { Approval } from '../wire-tools.ts';

export function Facts({ approval }: { readonly approval: Approval }) {
  const { issue_identifier, target_identifier, run_id, group, rule, before } = approval;
  return (
    <Section title="About">
      <dl class="facts proposal-facts">
        <div>
          <dt>Asked during</dt>
          <dd>
            <IssueLink identifier={issue_identifier} />
            <a href={`${issuePath(issue_identifier)}?run=${encodeURIComponent(run_id)}`}>its run</a>
          </dd>
        </div>
        {target_identifier === null || target_identifier === issue_identifier ? null : (
          <div>
            <dt>Would change</dt>
            <dd>
              <IssueLink identifier={target_identifier} />
            </dd>
          </div>
        )}
        {before === null ? null : (
          <div>
            <dt>Its state then</dt>
            <dd>
              <Text text={before.state} lines={0} />
            </dd>
          </div>
        )}
        <div>
          <dt>Who decides</dt>
          <dd>{group === '' ? 'anybody' : <Text text={`group ${group}`} lines={0} />}</dd>
        </div>
        <div>
          <dt>Because of</dt>
          <dd>
            <Text text={rule} lines={0} />
          </dd>
        </div>
        <div>
          <dt>Asked</dt>
          <dd>
            <Utc at={approval.requested_at} /> (<Ago at={approval.requested_at} />)
          </dd>
        </div>
        {approval.status === 'pending' ? (
          <div>
            <dt>Expires</dt>
            <dd>
              <Countdown at={approval.expires_at} />
            </dd>
          </div>
        ) : null}
      </dl>
    </Section>
  );
}
