// `sortie doctor [WORKFLOW.md]`: looks for the agent, connects to the tracker and says, line by line as it finds out,
// what works, what does not and what to do. Writes nothing anywhere. Exit 1 when something will not work.

import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { agents, loadTrackerAdapter, trackers } from '../../adapters/index.ts';
import {
  canDiagnose,
  type DoctorFinding,
  type DoctorRequest,
  type Settings,
  type TrackerAdapter,
} from '../contract/index.ts';
import { loadWorkflow, trackerContext, validateWorkflow } from '../workflow/index.ts';
import { agentFindings, findingOf } from './doctor-agent.ts';
import { countOf, DEFAULT_WORKFLOW, messageOf, oneField, parse } from './command-line.ts';

interface DoctorFlags {
  readonly format: 'text' | 'json';
  readonly envFile?: string;
}

/** A tracker that does not answer must not keep a person waiting for ever. */
const TIME_LIMIT_MS = 120_000;

export async function main(args: readonly string[]): Promise<number> {
  const command = describeDoctor();
  const over = parse(command, args);
  if (over !== null) return over;
  const flags = command.opts<DoctorFlags>();
  const findings: DoctorFinding[] = [];
  for await (const finding of examine(resolve(command.processedArgs[0] as string), flags)) {
    findings.push(finding);
    if (flags.format === 'text') process.stdout.write(findingLine(finding));
  }
  const ok = findings.every(({ status }) => status !== 'problem');
  if (flags.format === 'json') process.stdout.write(`${JSON.stringify({ ok, findings }, null, 2)}\n`);
  return ok ? 0 : 1;
}

export function describeDoctor(): Command {
  return new Command('sortie doctor')
    .description(
      'Connects to the tracker and says what works, what does not, and what to do. Changes nothing.',
    )
    .argument('[workflow]', 'path of WORKFLOW.md', DEFAULT_WORKFLOW)
    .addOption(
      new Option('--format <format>', 'text: a line each; json: one object')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--env-file <path>', 'file with SORTIE_* settings (SORTIE_ENV_FILE)')
    .helpOption('-h, --help', 'print this help');
}

async function* examine(path: string, flags: DoctorFlags): AsyncGenerator<DoctorFinding> {
  const options = {
    path,
    env: process.env,
    envFile: flags.envFile,
    trackers,
    agents,
    loadTracker: loadTrackerAdapter,
  };
  const problems = await validateWorkflow(options);
  for (const problem of problems) yield findingOf(problem);
  const loaded = await loadWorkflow(options);
  if (!loaded.ok) return;
  // The adapter judges its settings once more by itself; what was said is not said again.
  const isNew = ({ message }: DoctorFinding): boolean =>
    problems.every((one) => !one.message.includes(message));
  yield { status: 'ok', check: 'workflow', message: `${path} is understood`, remedy: '' };
  yield* agentFindings(loaded, problems);
  const said: DoctorFinding[] = [];
  try {
    const adapter = loaded.tracker.create(
      trackerContext(loaded.workflow, (message, fields) => {
        said.push({ status: 'warning', check: 'tracker', message: withFields(message, fields), remedy: '' });
      }),
    );
    for await (const finding of diagnose(adapter, loaded.workflow.settings)) {
      yield* said.splice(0);
      if (isNew(finding)) yield finding;
    }
  } catch (error) {
    const finding: DoctorFinding = {
      status: 'problem',
      check: 'tracker',
      message: messageOf(error),
      remedy: '',
    };
    if (isNew(finding)) yield finding;
  }
  yield* said;
}

async function* diagnose(adapter: TrackerAdapter, settings: Settings): AsyncGenerator<DoctorFinding> {
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  if (canDiagnose(adapter)) {
    yield* adapter.diagnose(requestOf(settings), signal);
    return;
  }
  const issues = await adapter.fetchCandidateIssues(signal);
  yield {
    status: 'ok',
    check: 'candidates',
    message: `${countOf(issues.length, 'issue')} in active states`,
    remedy: '',
  };
}

function requestOf({ tracker }: Settings): DoctorRequest {
  const { comments, handoffState, inProgressState, parkLabel } = tracker;
  const living = comments.style === 'living';
  // A park that is labelled also says why, on the living comment.
  const parksTold = living && parkLabel !== '';
  const commentsAsked = comments.onDispatch || comments.onCompletion || comments.onFailure || parksTold;
  return {
    handoffState,
    inProgressState,
    writes: [
      ...(handoffState !== '' || inProgressState !== '' ? (['transition'] as const) : []),
      ...(commentsAsked ? (['comment'] as const) : []),
      ...(commentsAsked && living ? (['comment_edit'] as const) : []),
      ...(parkLabel === '' ? [] : (['label'] as const)),
    ],
  };
}

function findingLine({ status, check, message, remedy }: DoctorFinding): string {
  const advice = remedy === '' ? '' : ` -> ${remedy}`;
  return `${status.padEnd(7)}  ${oneField(check)}: ${oneField(message)}${oneField(advice)}\n`;
}

function withFields(message: string, fields: Readonly<Record<string, unknown>>): string {
  return `${message} ${JSON.stringify(fields)}`;
}
