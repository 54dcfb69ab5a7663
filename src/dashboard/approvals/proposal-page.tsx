// One proposal: what an agent wants to write, beside what stands there. Who may decide it can change any of it, add a
// note, and approve or reject; once it is decided it says how, by whom, and what became of it.

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../answer.ts';
import { acted } from '../control/acted.ts';
import { useAtMostEvery } from '../ended-runs.ts';
import { daemonStarts, state } from '../live.ts';
import { path, proposalIdOf } from '../router.ts';
import { Badge } from '../ui/badge.tsx';
import { Empty, Failure, Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import type { Approval } from '../wire-tools.ts';
import { resultWords, statusWords } from './approval-words.ts';
import { CommonFields } from './common-fields.tsx';
import { Decide } from './decide.tsx';
import { Decided } from './decided.tsx';
import { decidedDetails, ticketsOf } from './draft.ts';
import { createEditing, type Editing } from './editing.ts';
import { Facts } from './facts.tsx';
import { FieldList } from './field-list.tsx';
import { actionLabel, fieldsOf } from './fields.ts';
import { MayNot } from './may-not.tsx';
import { Tickets } from './tickets.tsx';
import './approvals.css';

/** Decisions and writes come in bursts. */
const PAUSE_MS = 1_000;

export function Page() {
  const id = proposalIdOf(path.value);
  if (id === null) return <Empty>This address names no proposal.</Empty>;
  return <Proposal id={id} />;
}

function Proposal({ id }: { readonly id: string }) {
  const { approvals_pending, outbox_open } = state.value ?? {};
  const mark = useAtMostEvery(
    PAUSE_MS,
    `${approvals_pending ?? ''} ${outbox_open ?? ''} ${acted.value} ${daemonStarts.value}`,
  );
  const answer = useAnswer<Approval>(`/api/v1/approvals/${encodeURIComponent(id)}`, mark);
  // What the daemon said to a decision is newer than what was read before it.
  const decided = useSignal<Approval | null>(null);
  const lost = useSignal('');
  const read = answer.data;
  const approval = decided.value !== null && read?.status === 'pending' ? decided.value : read;
  return (
    <>
      <p class="back-link">
        <a href="/approvals">← All proposals</a>
      </p>
      <Failure error={answer.error} retry={answer.reload} />
      {approval === null ? (
        <>
          <h1 class="unseen">Proposal</h1>
          {answer.error === '' ? <Empty>Reading…</Empty> : null}
        </>
      ) : (
        <>
          <Head approval={approval} />
          {lost.value === '' ? null : (
            <div class="banner" data-tone="warn" role="alert">
              <p>
                <strong>Your decision was not taken.</strong> <Text text={sentence(lost.value)} lines={0} />
              </p>
            </div>
          )}
          <Shown
            approval={approval}
            isMine={decided.value !== null}
            onDecided={(next) => {
              decided.value = next;
              lost.value = '';
            }}
            onLost={(message) => {
              lost.value = message ?? '';
              answer.reload();
            }}
          />
        </>
      )}
    </>
  );
}

function Head({ approval }: { readonly approval: Approval }) {
  const { label, tone } = statusWords(approval);
  const result = resultWords(approval);
  return (
    <header class="proposal-head">
      <p class="proposal-marks">
        <Badge>{actionLabel(approval.action)}</Badge>
        <Badge tone={tone}>{label}</Badge>
        {result === null ? null : <Badge tone={result.tone}>{result.label}</Badge>}
      </p>
      <h1>
        <Text text={approval.summary} lines={0} />
      </h1>
      <Facts approval={approval} />
    </header>
  );
}

interface ShownProps {
  readonly approval: Approval;
  /** The reader decided it here. */
  readonly isMine: boolean;
  readonly onDecided: (approval: Approval) => void;
  readonly onLost: (message: string | null) => void;
}

function Shown({ approval, isMine, onDecided, onLost }: ShownProps) {
  const { id, status } = approval;
  // What is asked for never changes: what was typed stays while it is read again.
  const editing = useMemo(() => createEditing(approval), [id]);
  const isPending = status === 'pending';
  const canEdit = isPending && approval.may_decide;
  const isOvertaken = !isPending && !isMine && Object.keys(editing.modified.value).length > 0;
  return (
    <>
      {isOvertaken ? (
        <div class="banner" data-tone="warn" role="status">
          <p>It was decided while you were changing it. Nothing of yours was sent.</p>
        </div>
      ) : null}
      <div class="proposal-columns" data-decided={isPending ? undefined : ''}>
        <div class="proposal-what">
          {isPending ? (
            <Details editing={editing} canEdit={canEdit} />
          ) : (
            <DecidedDetails approval={approval} />
          )}
        </div>
        <div class="proposal-side">
          {canEdit ? <Decide editing={editing} onDecided={onDecided} onLost={onLost} /> : null}
          {isPending && !canEdit ? <MayNot approval={approval} /> : null}
        </div>
      </div>
    </>
  );
}

/** The decision, and what it was about, with the changes in it. */
function DecidedDetails({ approval }: { readonly approval: Approval }) {
  const editing = useMemo(
    () => createEditing({ ...approval, details: decidedDetails(approval, approval.modifiedDetails) }),
    [approval],
  );
  return (
    <>
      <Decided approval={approval} />
      <Details editing={editing} canEdit={false} />
    </>
  );
}

const titles: Readonly<Record<string, string>> = {
  pending: 'What would be written',
  approved: 'What was approved',
  rejected: 'What was asked for',
  expired: 'What was asked for',
};

function Details({ editing, canEdit }: { readonly editing: Editing; readonly canEdit: boolean }) {
  const { approval } = editing;
  if (ticketsOf(approval).length > 0) {
    return (
      <>
        <CommonFields editing={editing} canEdit={canEdit} />
        <Tickets editing={editing} canEdit={canEdit} />
      </>
    );
  }
  const title = titles[approval.status] ?? '';
  return (
    <Section title={title}>
      <FieldList
        editing={editing}
        place={null}
        fields={fieldsOf(approval.action, approval.details)}
        whose=""
        canEdit={canEdit}
      />
    </Section>
  );
}

/** Messages of the API begin like the rest of a line. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
