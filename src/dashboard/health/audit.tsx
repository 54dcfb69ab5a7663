// The audit log by its newest hash, and, when somebody asks, whether it is intact.

import { useSignal } from '@preact/signals';
import { request } from '../api.ts';
import { CopyButton } from '../issue/copy-button.tsx';
import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import type { AuditHead, AuditVerdict } from '../wire-tools.ts';

export function Audit({ head }: { readonly head: AuditHead | null }) {
  const verdict = useSignal<AuditVerdict | null>(null);
  const error = useSignal('');
  const busy = useSignal(false);
  const verify = async (): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    error.value = '';
    verdict.value = null;
    try {
      verdict.value = await request<AuditVerdict>('/api/v1/audit/verify');
    } catch (failure) {
      error.value = failure instanceof Error ? failure.message : String(failure);
    } finally {
      busy.value = false;
    }
  };
  const proof = head === null ? '' : `${head.seq}:${head.hash}`;
  return (
    <Section
      title="Audit log"
      aside={
        <button type="button" class="button small" aria-disabled={busy.value} onClick={() => void verify()}>
          {busy.value ? 'Verifying…' : 'Verify'}
        </button>
      }
    >
      {head === null ? (
        <p class="soft">Not read yet.</p>
      ) : (
        <p class="audit-head">
          <span class="soft">Newest entry </span>
          <span class="mono">
            <Text text={proof} />
          </span>
          <CopyButton text={proof} what="head of the audit log" />
        </p>
      )}
      <div role="status">
        <Verdict verdict={verdict.value} />
      </div>
      {error.value === '' ? null : (
        <p class="problem" role="alert">
          <Text text={error.value} lines={0} />
        </p>
      )}
    </Section>
  );
}

function Verdict({ verdict }: { readonly verdict: AuditVerdict | null }) {
  if (verdict === null) return null;
  const { intact, entries, first_seq, broken_at, problem } = verdict;
  return intact ? (
    <p>
      <Badge tone="good">Intact</Badge> {(entries ?? 0).toLocaleString('en-US')}{' '}
      {entries === 1 ? 'entry' : 'entries'}
      {first_seq === null || first_seq <= 1 ? '' : `, from ${first_seq} on`}. Keep the head elsewhere: only
      what is compared with it proves that nothing was cut off.
    </p>
  ) : (
    <p>
      <Badge tone="bad">Broken</Badge> {broken_at === null ? '' : `At entry ${broken_at}: `}
      <Text text={problem ?? ''} lines={0} />
    </p>
  );
}
