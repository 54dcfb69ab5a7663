// The attempts side by side, newest first: what each took, cost and left behind. The one that runs ticks.

import { words } from '../phrases.ts';
import type { ComponentChildren } from 'preact';
import { Money, Tokens } from '../ui/amount.tsx';
import { Badge } from '../ui/badge.tsx';
import { Empty, Failure, Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Elapsed } from '../ui/time.tsx';
import { Took } from '../ui/took.tsx';
import type { TimedRun } from '../run-time.ts';
import type { HistoryRun, Running, Tokens as TokenCounts } from '../wire.ts';
import { endingTone } from './timeline-words.ts';

/** What both a run that goes on and one that has ended tell. */
interface Attempt {
  readonly run_id: string;
  readonly attempt: number;
  readonly status: string | null;
  readonly started_at: string;
  /** null = it runs. */
  readonly ended: TimedRun | null;
  readonly turns: number;
  readonly tokens: TokenCounts;
  readonly cost_usd: number | null;
  readonly cost_estimated: boolean;
  readonly agent: string;
  readonly evidence: string;
  readonly error: string;
}

export interface AttemptsProps {
  /** null = not read yet. */
  readonly runs: readonly HistoryRun[] | null;
  readonly hasMore: boolean;
  readonly error: string;
  readonly retry: () => void;
  readonly running: Running | null;
  readonly identifier: string;
  readonly chosen: string | null;
  readonly onChoose: (runId: string) => void;
}

export function Attempts({
  runs,
  hasMore,
  error,
  retry,
  running,
  identifier,
  chosen,
  onChoose,
}: AttemptsProps) {
  const attempts = attemptsOf(runs ?? [], running);
  return (
    <Section
      title="Attempts"
      count={runs === null || hasMore ? undefined : attempts.length}
      flush
      aside={
        hasMore ? (
          <a href={`/history?identifier=${encodeURIComponent(identifier)}`}>All of them in the history</a>
        ) : undefined
      }
    >
      <Failure error={error} retry={retry} />
      {attempts.length === 0 ? (
        runs === null ? null : (
          <Empty>No run of this issue yet.</Empty>
        )
      ) : (
        <div class="attempts" role="region" tabIndex={0} aria-label="Attempts side by side">
          <table>
            <thead>
              <tr>
                <td />
                {attempts.map((one) => (
                  <th key={one.run_id} scope="col" data-chosen={one.run_id === chosen ? '' : undefined}>
                    <button
                      type="button"
                      class="attempt-choose"
                      aria-pressed={one.run_id === chosen}
                      onClick={() => onChoose(one.run_id)}
                    >
                      Attempt {one.attempt}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <Row name="Result" attempts={attempts} chosen={chosen}>
                {({ status }) => <Badge tone={endingTone(status)}>{words(status ?? 'running')}</Badge>}
              </Row>
              <Row name="Started" attempts={attempts} chosen={chosen}>
                {({ started_at }) => <Ago at={started_at} />}
              </Row>
              <Row name="Took" attempts={attempts} chosen={chosen}>
                {({ ended, started_at }) =>
                  ended === null ? <Elapsed at={started_at} /> : <Took run={ended} />
                }
              </Row>
              <Row name="Turns" attempts={attempts} chosen={chosen}>
                {({ turns }) => turns}
              </Row>
              <Row name="Tokens" attempts={attempts} chosen={chosen}>
                {({ tokens }) => <Tokens tokens={tokens} />}
              </Row>
              <Row name="Cost" attempts={attempts} chosen={chosen}>
                {({ cost_usd, cost_estimated }) => <Money usd={cost_usd} estimated={cost_estimated} />}
              </Row>
              <Row name="Agent" attempts={attempts} chosen={chosen}>
                {({ agent }) => <Text text={agent} />}
              </Row>
              <Row name="Evidence" attempts={attempts} chosen={chosen}>
                {({ evidence }) =>
                  evidence === '' ? <span class="soft">–</span> : <Text text={evidence} lines={3} />
                }
              </Row>
              <Row name="Error" attempts={attempts} chosen={chosen}>
                {({ error: text }) =>
                  text === '' ? <span class="soft">–</span> : <Text text={text} lines={3} />
                }
              </Row>
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

interface RowProps {
  readonly name: string;
  readonly attempts: readonly Attempt[];
  readonly chosen: string | null;
  readonly children: (attempt: Attempt) => ComponentChildren;
}

function Row({ name, attempts, chosen, children }: RowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {attempts.map((one) => (
        <td key={one.run_id} data-chosen={one.run_id === chosen ? '' : undefined}>
          {children(one)}
        </td>
      ))}
    </tr>
  );
}

/** Newest first; the run that goes on is not in the history yet, or just came into it. */
export function attemptsOf(runs: readonly HistoryRun[], running: Running | null): readonly Attempt[] {
  const ended = runs.map((run): Attempt => ({
    run_id: run.run_id,
    attempt: run.attempt,
    status: run.status,
    started_at: run.started_at,
    ended: run,
    turns: run.turns_completed,
    tokens: run.tokens,
    cost_usd: run.cost_usd,
    cost_estimated: run.cost_estimated,
    agent: run.agent_kind,
    evidence: run.evidence ?? '',
    error: run.error ?? '',
  }));
  if (running === null || running.run_id === null || ended.some(({ run_id }) => run_id === running.run_id))
    return ended;
  const {
    run_id,
    attempt,
    started_at,
    turn_count,
    tokens,
    cost_usd,
    cost_estimated,
    agent_kind,
    model_name,
  } = running;
  return [
    {
      run_id,
      attempt,
      status: null,
      started_at,
      ended: null,
      turns: turn_count,
      tokens,
      cost_usd,
      cost_estimated,
      agent: model_name === '' ? agent_kind : `${agent_kind} (${model_name})`,
      evidence: '',
      error: '',
    },
    ...ended,
  ];
}
