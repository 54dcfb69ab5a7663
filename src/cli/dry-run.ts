// `sortie --dry-run`: one read-only poll. Opens no database, writes nothing, starts nothing.

import { agents, loadTrackerAdapter, trackers } from '../../adapters/index.ts';
import { judgeCandidates, type DryVerdict } from '../core/dry-run.ts';
import { checkPreflight, loadWorkflow, trackerContext, type SettingsOverrides } from '../workflow/index.ts';
import { messageOf, oneField, problemLine } from './command-line.ts';

export interface DryRunOptions {
  readonly workflowPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envFile: string | undefined;
  readonly overrides: SettingsOverrides;
  readonly format: 'text' | 'json';
}

export async function dryRun(options: DryRunOptions): Promise<number> {
  const loaded = await loadWorkflow({
    path: options.workflowPath,
    env: options.env,
    envFile: options.envFile,
    overrides: options.overrides,
    trackers,
    agents,
    loadTracker: loadTrackerAdapter,
  });
  const problems = loaded.ok ? loaded.workflow.warnings : loaded.problems;
  for (const problem of problems) process.stderr.write(problemLine(problem));
  if (!loaded.ok) return 1;
  const { workflow, tracker, agent } = loaded;
  for (const problem of await checkPreflight(workflow, agent, options.env)) {
    process.stderr.write(`warning: preflight: nothing would be dispatched: ${problem}\n`);
  }
  try {
    const adapter = tracker.create(
      trackerContext(workflow, (message, fields) => {
        process.stderr.write(`warning: tracker: ${message} ${JSON.stringify(fields)}\n`);
      }),
    );
    const issues = await adapter.fetchCandidateIssues(new AbortController().signal);
    process.stdout.write(print(judgeCandidates(issues, workflow.settings), options.format));
    return 0;
  } catch (error) {
    process.stderr.write(`error: tracker_adapter: ${messageOf(error)}\n`);
    return 1;
  }
}

function print(verdicts: readonly DryVerdict[], format: 'text' | 'json'): string {
  if (format === 'json') {
    const candidates = verdicts.map(({ issue, verdict, detail }) => ({
      identifier: issue.identifier,
      verdict,
      detail,
      title: issue.title,
      state: issue.state,
      priority: issue.priority,
    }));
    return `${JSON.stringify({ candidates }, null, 2)}\n`;
  }
  return verdicts
    .map(({ issue, verdict, detail }) => `${[issue.identifier, verdict, detail].map(oneField).join('\t')}\n`)
    .join('');
}
