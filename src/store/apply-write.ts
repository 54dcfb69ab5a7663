// One write, one place: which rows each kind of StoreWrite touches. Runs inside of the transaction of its
// batch, so it commits nothing by itself.
import type { StoreWrite } from '../contract/store.ts';
import { count } from './storable.ts';
import {
  deleteFor,
  noUsage,
  putPark,
  putRetry,
  rememberIssue,
  setIssue,
  setSession,
  type WriteContext,
} from './write-issue.ts';
import { queueNotification } from './notifications.ts';
import { addOperatorAction, putDispatch } from './write-operator.ts';
import { deleteQuota, putDay, putQuota, spendingColumns } from './write-spending.ts';
import { addProcess, endRun, setRunProgress, setRunSession, setRunWorkspace, startRun } from './write-run.ts';

export async function applyWrite(context: WriteContext, write: StoreWrite): Promise<void> {
  switch (write.kind) {
    case 'run_started':
      return await startRun(context, write);
    case 'run_process':
      return await addProcess(context, write);
    case 'run_session':
      await setRunSession(context, write);
      return await setSession(context, write);
    case 'run_workspace':
      await setRunWorkspace(context, write);
      return await rememberIssue(context, write, { workspace_path: write.path });
    case 'run_progress':
      return await setRunProgress(context, write);
    case 'run_ended':
      return await endRun(context, write);
    case 'put_retry':
      return await putRetry(context, write.retry);
    case 'delete_retry':
      return await deleteFor(context, 'retries', write.issueId);
    case 'put_park':
      return await putPark(context, write.park);
    case 'delete_park':
      return await deleteFor(context, 'parks', write.issueId);
    case 'put_sessions_used':
      return await rememberIssue(context, write, { sessions_used: count(write.sessionsUsed) });
    case 'put_spending':
      return await rememberIssue(context, write, spendingColumns(write));
    case 'put_day':
      return await putDay(context, write.day);
    case 'put_empty_runs':
      return await rememberIssue(context, write, { empty_runs: count(write.emptyRuns) });
    case 'put_quota':
      return await putQuota(context, write.quota);
    case 'delete_quota':
      return await deleteQuota(context, write.agentKind);
    case 'put_dispatch':
      return await putDispatch(context, write.dispatch);
    case 'operator_action':
      return await addOperatorAction(context, write.action);
    case 'queue_notification':
      return await queueNotification(context, write.notification);
    case 'forget_session':
      return await setIssue(context, write.issueId, {
        session_id: null,
        session_agent_kind: null,
        ...noUsage,
      });
    case 'forget_workspace':
      return await setIssue(context, write.issueId, { workspace_path: null });
  }
}
