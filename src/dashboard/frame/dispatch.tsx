// What an operator told the daemon to do with new work, and the controls that change it.

import { ControlButton } from '../control/button.tsx';
import { state } from '../live.ts';

const words = { running: 'Dispatching', paused: 'Paused', draining: 'Draining' } as const;

export function DispatchControls() {
  const dispatch = state.value?.dispatch;
  if (dispatch === undefined) return null;
  const { mode, drained } = dispatch;
  return (
    <div class="dispatch" role="group" aria-label="Dispatch">
      <span class="pill" data-tone={mode === 'running' ? 'live' : 'warn'}>
        {mode === 'draining' && drained ? 'Drained' : words[mode]}
      </span>
      {mode === 'running' ? <ControlButton control="pause" /> : <ControlButton control="resume" />}
      {mode === 'draining' ? null : <ControlButton control="drain" />}
    </div>
  );
}
