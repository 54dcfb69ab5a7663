// What agents may do now: whether they have tools and where they may use them, the rules in their order, what the policy
// would say, and the tools themselves. Read again when WORKFLOW.md was; asks for nothing by a timer.

import { useMemo } from 'preact/hooks';
import { useAnswer } from '../answer.ts';
import { daemonStarts, state } from '../live.ts';
import { Empty, Failure, Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';
import type { Tools } from '../wire-tools.ts';
import type { SettingsAnswer } from '../wire.ts';
import { AskPolicy } from './ask-policy.tsx';
import { ruleColumns } from './rule-columns.tsx';
import { ruleRows, type RuleRow } from './rule-rows.ts';
import { SiteNames } from './site-names.tsx';
import { Standing } from './standing.tsx';
import { ToolList } from './tool-list.tsx';
import './tools.css';

const rowKey = ({ key }: RuleRow): string => key;

export function Page() {
  const again = `${daemonStarts.value} ${state.value?.workflow_loaded_at ?? ''}`;
  const { data, error, reload } = useAnswer<Tools>('/api/v1/tools', again);
  const settings = useAnswer<SettingsAnswer>('/api/v1/settings', again);
  const trackerProject =
    settings.data?.settings.find(({ key }) => key === 'tracker.project')?.value ??
    (settings.data === null ? null : '');
  return (
    <>
      <h1 class="page-title">What agents may do</h1>
      <p class="soft tools-lead">
        By tools in WORKFLOW.md, as it is in force now. <a href="/approvals">Approvals</a> has what waits for
        a person.
      </p>
      <Failure error={error} retry={reload} />
      {data !== null ? (
        <>
          <div class="tools-cards">
            <Standing tools={data} trackerProject={trackerProject} />
            <SiteNames tools={data} onRead={reload} />
          </div>
          <Rules tools={data} />
          <AskPolicy rules={again} />
          <ToolList tools={data.tools} />
        </>
      ) : error === '' ? (
        <Section title="Rules">
          <Empty>Reading…</Empty>
        </Section>
      ) : null}
    </>
  );
}

function Rules({ tools }: { readonly tools: Tools }) {
  const { rules, read_default, write_default } = tools;
  const rows = useMemo(() => ruleRows(tools), [rules, read_default, write_default]);
  return (
    <Section title="Rules" count={rules.length} flush>
      <p class="rules-note soft">
        {rules.length === 0
          ? 'There are no rules in tools.rules, so the defaults decide.'
          : 'The first that matches decides; where none does, a default. A rule about create_issue also judges each issue of create_issues.'}
      </p>
      <Table class="rules-table" caption="Rules" rows={rows} rowKey={rowKey} columns={ruleColumns} />
    </Section>
  );
}
