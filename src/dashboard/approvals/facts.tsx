// Where a proposal comes from, who may decide it and by which rule, and how long it waits: one line that wraps.

import type { ComponentChildren } from 'preact';
import { issuePath } from '../router.ts';
import { Text } from '../ui/text.tsx';
import { Ago, Countdown } from '../ui/time.tsx';
import type { Approval } from '../wire-tools.ts';

export function Facts({ approval }: { readonly approval: Approval }) {
  const { issue_identifier, target_identifier, run_id, group, rule, before, status } = approval;
  const run = `${issuePath(issue_identifier)}?run=${encodeURIComponent(run_id)}`;
  return (
    <dl class="proposal-facts">
      <Fact name="Asked during">
        <a href={issuePath(issue_identifier)} class="mono">
          <Text text={issue_identifier} lines={0} />
        </a>{' '}
        (<a href={run}>its run</a>), <Ago at={approval.requested_at} />
      </Fact>
      {target_identifier === null || target_identifier === issue_identifier ? null : (
        <Fact name="Would change">
          <a href={issuePath(target_identifier)} class="mono">
            <Text text={target_identifier} lines={0} />
          </a>
        </Fact>
      )}
      {before === null ? null : (
        <Fact name="Its state then">
          <Text text={before.state} lines={0} />
        </Fact>
      )}
      <Fact name="Who decides">
        {group === '' ? 'anybody' : <Text text={`group ${group}`} lines={0} />}, by{' '}
        <Text text={rule} lines={0} />
      </Fact>
      {status === 'pending' ? (
        <Fact name="Expires">
          <Countdown at={approval.expires_at} />
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
