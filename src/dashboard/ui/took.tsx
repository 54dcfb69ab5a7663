// How long an ended run took: its agent's time, and beside it the time from start to end where that differs much.

import { duration } from '../format.ts';
import { elapsedBeside, secondsOf, type TimedRun } from '../run-time.ts';

export function Took({ run }: { readonly run: TimedRun }) {
  const seconds = secondsOf(run);
  if (seconds === null) return <span class="soft">–</span>;
  const elapsed = elapsedBeside(run);
  const ran = duration(seconds * 1000);
  if (elapsed === null) return <>{ran}</>;
  const all = duration(elapsed * 1000);
  return (
    <span title={`The agent ran for ${ran}; from start to end it was ${all}.`}>
      {ran} <span class="second">over {all}</span>
    </span>
  );
}
