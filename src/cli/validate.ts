// `sortie validate [WORKFLOW.md]`: everything that can be checked without asking anybody. Exit 0 with warnings,
// 1 with errors; all problems at once.

import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { agents, loadTrackerAdapter, trackers } from '../../adapters/index.ts';
import type { WorkflowProblem } from '../contract/index.ts';
import { validateWorkflow } from '../workflow/index.ts';
import { countOf, DEFAULT_WORKFLOW, parse, problemLine } from './command-line.ts';

interface ValidateFlags {
  readonly format: 'text' | 'json';
  readonly envFile?: string;
}

export async function main(args: readonly string[]): Promise<number> {
  const command = describeValidate();
  const over = parse(command, args);
  if (over !== null) return over;
  const flags = command.opts<ValidateFlags>();
  const problems = await validateWorkflow({
    path: resolve(command.processedArgs[0] as string),
    env: process.env,
    envFile: flags.envFile,
    trackers,
    agents,
    loadTracker: loadTrackerAdapter,
  });
  return report(problems, flags.format);
}

export function describeValidate(): Command {
  return new Command('sortie validate')
    .description('Checks WORKFLOW.md offline: settings, prompt template, adapters, agent command.')
    .argument('[workflow]', 'path of WORKFLOW.md', DEFAULT_WORKFLOW)
    .addOption(
      new Option('--format <format>', 'text: lines on stderr; json: one object on stdout')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--env-file <path>', 'file with SORTIE_* settings (SORTIE_ENV_FILE)')
    .helpOption('-h, --help', 'print this help');
}

function report(problems: readonly WorkflowProblem[], format: ValidateFlags['format']): number {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  const valid = errors.length === 0;
  if (format === 'json') process.stdout.write(`${JSON.stringify({ valid, errors, warnings }, null, 2)}\n`);
  else {
    for (const problem of [...errors, ...warnings]) process.stderr.write(problemLine(problem));
    if (valid) process.stdout.write(`valid, ${countOf(warnings.length, 'warning')}\n`);
  }
  return valid ? 0 : 1;
}
