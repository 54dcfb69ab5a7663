// `--until-idle`: ends the daemon when nothing is left to do and says on stdout how it went.

import type { App } from '../app/lifecycle.ts';
import type { Settings } from '../contract/index.ts';
import { countOf, oneField } from './command-line.ts';
import { createIdleWatch, type IdleSummary } from '../daemon/until-idle.ts';

/** In this mode "no limit" would never be idle for an issue that stays active. */
const SESSIONS_WHEN_UNLIMITED = 3;

export function limitSessions(settings: Settings): Settings {
  if (settings.agent.maxSessions !== 0) return settings;
  return { ...settings, agent: { ...settings.agent, maxSessions: SESSIONS_WHEN_UNLIMITED } };
}

/** `exitCode()`: 1 unless the daemon became idle with everything well. */
export function endWhenIdle(app: App): { exitCode(): 0 | 1 } {
  const watch = createIdleWatch();
  let summary: IdleSummary | null = null;
  app.onNotice((notice) => {
    if (summary !== null) return;
    const answer = watch.take(notice, app.daemon.view.activity);
    if (answer === null) return;
    if (answer === 'refresh') {
      app.daemon.refresh();
      return;
    }
    summary = answer;
    process.stdout.write(summaryText(answer));
    app.shutdown();
  });
  return { exitCode: () => summary?.exitCode ?? 1 };
}

function summaryText({ runs, succeeded, failed, gaveUp }: IdleSummary): string {
  const lines = [
    `${countOf(runs, 'run')}, ${countOf(succeeded.length, 'issue')} succeeded, ${failed.length} failed`,
    ...succeeded.map((identifier) => `succeeded\t${oneField(identifier)}`),
    ...failed.map(({ identifier, how }) => `failed\t${oneField(identifier)}\t${oneField(how)}`),
    ...(gaveUp === '' ? [] : [`gave up\t${oneField(gaveUp)}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
