// Whether the daemon itself is well: its checks, its line to the tracker, the settings in force and where each
// came from, what it still has to write, and what operators told it.

import './health.css';
import { acted } from '../control/acted.ts';
import { useAnswer } from '../answer.ts';
import { daemonStarts, readReadiness, state } from '../live.ts';
import { Failure } from '../ui/section.tsx';
import type { AuditHead, Outbox as OutboxAnswer } from '../wire-tools.ts';
import type { OperatorActions, SettingsAnswer } from '../wire.ts';
import { useAtMostEvery } from '../ended-runs.ts';
import { Audit } from './audit.tsx';
import { Checks } from './checks.tsx';
import { useEffect } from 'preact/hooks';
import { Links } from './links.tsx';
import { Outbox } from './outbox.tsx';
import { OperatorLog } from './operator-log.tsx';
import { SettingsTable } from './settings-table.tsx';
import { TrackerHealth } from './tracker-health.tsx';
import { WorkflowFile } from './workflow-file.tsx';

const LOG_ROWS = 100;
const OUTBOX_ROWS = 100;
/** Writes come in bursts. */
const PAUSE_MS = 2_000;

export function Page() {
  const { reload_error, workflow_loaded_at, dispatch, preflight_problems } = state.value ?? {};
  // A change of any of these means that what was read may have changed.
  const again = `${daemonStarts.value} ${workflow_loaded_at ?? ''} ${reload_error ?? ''} ${preflight_problems?.join() ?? ''}`;
  const settings = useAnswer<SettingsAnswer>('/api/v1/settings', again);
  const log = useAnswer<OperatorActions>(
    `/api/v1/operator-actions?limit=${LOG_ROWS}`,
    `${daemonStarts.value} ${acted.value} ${dispatch?.since ?? ''}`,
  );
  const open = state.value?.outbox_open ?? 0;
  const moved = useAtMostEvery(
    PAUSE_MS,
    `${daemonStarts.value} ${open} ${state.value?.approvals_pending ?? 0}`,
  );
  const outbox = useAnswer<OutboxAnswer>(`/api/v1/outbox?limit=${OUTBOX_ROWS}`, moved);
  const head = useAnswer<AuditHead>('/api/v1/audit/head', moved);
  useEffect(() => void readReadiness(), [again]);
  return (
    <>
      <h1 class="unseen">Health</h1>
      <div class="health-cards">
        <Checks problems={preflight_problems ?? []} />
        <WorkflowFile settings={settings.data} />
        <TrackerHealth tracker={state.value?.tracker ?? null} tick={state.value?.last_tick ?? null} />
        <Links />
      </div>
      <Failure error={outbox.error} retry={outbox.reload} />
      <Outbox outbox={outbox.data} open={open} />
      <Failure error={head.error} retry={head.reload} />
      <Audit head={head.data} />
      <Failure error={settings.error} retry={settings.reload} />
      <SettingsTable settings={settings.data?.settings ?? null} reload={settings.reload} />
      <Failure error={log.error} retry={log.reload} />
      <OperatorLog actions={log.data?.actions ?? null} limit={LOG_ROWS} />
    </>
  );
}
