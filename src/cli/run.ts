// `sortie [WORKFLOW.md]`: the daemon in the foreground, one dry look (`--dry-run`), or until nothing is left
// (`--until-idle`).

import { Command, Option } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { App } from '../app/lifecycle.ts';
import type { SettingsOverrides } from '../workflow/index.ts';
import { nearestName } from '../workflow/nearest.ts';
import { version } from './version.ts';
import { DEFAULT_WORKFLOW, parse, portNumber, problemLine } from './command-line.ts';

interface RunFlags extends SettingsOverrides {
  readonly dryRun?: boolean;
  readonly untilIdle?: boolean;
  readonly format: 'text' | 'json';
  readonly envFile?: string;
}

export async function main(args: readonly string[]): Promise<number> {
  const command = describeRun();
  const over = parse(command, args);
  if (over !== null) return over;
  const flags = command.opts<RunFlags>();
  const workflowPath = resolve(command.processedArgs[0] as string);
  const overrides: SettingsOverrides = {
    port: flags.port,
    host: flags.host,
    logLevel: flags.logLevel,
    logFormat: flags.logFormat,
  };
  if (flags.dryRun === true) {
    const { dryRun } = await import('./dry-run.ts');
    return dryRun({
      workflowPath,
      env: process.env,
      envFile: flags.envFile,
      overrides,
      format: flags.format,
    });
  }
  return serve(
    { workflowPath, env: process.env, envFile: flags.envFile, overrides, version },
    flags.untilIdle === true,
  );
}

/** `sortie valdate`: what looks like a command, is no file, and is near to one; null = it is a path. */
export function mistypedCommand(first: string, commands: readonly string[]): string | null {
  if (!/^[a-z]+$/i.test(first) || existsSync(first)) return null;
  const nearest = nearestName(first, commands);
  if (nearest === null) return null;
  return `error: args: there is neither a command nor a file "${first}": did you mean \`sortie ${nearest}\`?\n`;
}

export function describeRun(): Command {
  return new Command('sortie')
    .description('Turns issue-tracker tickets into supervised coding-agent runs.')
    .argument('[workflow]', 'path of WORKFLOW.md', DEFAULT_WORKFLOW)
    .option('--dry-run', 'read the tracker once, say what would happen to each issue, change nothing')
    .addOption(new Option('--format <format>', 'of --dry-run').choices(['text', 'json']).default('text'))
    .option(
      '--until-idle',
      'run until nothing is left to do, print a summary, exit 0 when all of it succeeded',
    )
    .option('--port <port>', 'port of the web server, 0 = off (server.port)', portNumber)
    .option('--host <address>', 'IP address of the web server (server.host)')
    .addOption(new Option('--log-level <level>', 'logging.level').choices(['debug', 'info', 'warn', 'error']))
    .addOption(new Option('--log-format <format>', 'logging.format').choices(['text', 'json']))
    .option('--env-file <path>', 'file with SORTIE_* settings (SORTIE_ENV_FILE)')
    .option('-V, --version', 'print name and version; -dumpversion prints the version alone')
    .helpOption('-h, --help', 'print this help')
    .addHelpText(
      'after',
      [
        '',
        'Commands:',
        '  run [workflow]        the same as no command',
        '  validate [workflow]   check WORKFLOW.md offline',
        '  doctor [workflow]     connect to the tracker and say what works',
        '  status [--watch]      what runs, waits and is parked',
        '  explain <issue>       why it runs or does not, and what would change that',
        '  logs <issue> [-f]     what its agent said',
        '  history               ended runs',
        '  stats                 runs, outcomes, durations, tokens and cost; also without a daemon',
        '  approvals             what agents want to write; approve, change or reject it',
        '  outbox                writes to the tracker: what waits, and why',
        '  audit verify          whether the log of all this is intact; also export and head; without a daemon',
        '  tools [--refresh]     what agents may call, and the rules for it',
        '  pause, resume         whether runs are started',
        '  drain [--wait]        let the last runs end, start none',
        '  refresh               look at the tracker now',
        '  dispatch <issue>      run it now',
        '  cancel <issue>        end its run, and hold it',
        '  retry <issue>         what is queued or parked is due now',
        '  release <issue>       forget what is queued or parked',
        '  hold, unhold <issue>  whether it is started',
        '  mcp-server            the tools of a run over stdio; started by agents',
        '',
        'Each has its own --help. From status on all but stats and audit ask the running daemon of the workflow',
        '(--workflow, --url). At a terminal pause to unhold ask first (not refresh; --yes: none does).',
        '',
        'Signals: SIGINT or SIGTERM ends what runs and exits 0; a second one exits at once.',
        'Exit codes: 0 ended as asked, 1 could not start or (--until-idle, --dry-run) did not succeed.',
        '',
      ].join('\n'),
    );
}

async function serve(
  options: {
    readonly workflowPath: string;
    readonly env: NodeJS.ProcessEnv;
    readonly envFile: string | undefined;
    readonly overrides: SettingsOverrides;
    readonly version: string;
  },
  untilIdle: boolean,
): Promise<number> {
  const { createApp } = await import('../app.ts');
  const { StartupError } = await import('../app/startup.ts');
  const { endWhenIdle, limitSessions } = await import('./until-idle.ts');
  try {
    const app = await createApp({ ...options, ...(untilIdle ? { adjust: limitSessions } : {}) });
    const forget = onSignals(app);
    const idle = untilIdle ? endWhenIdle(app) : null;
    const exitCode = await app.run();
    forget();
    if (exitCode !== 0 || process.exitCode === 1) return 1;
    return idle?.exitCode() ?? 0;
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    for (const problem of error.problems) process.stderr.write(problemLine(problem));
    return 1;
  }
}

/** The first signal asks, the second insists. A fault that nobody caught ends the daemon in order, too. */
function onSignals(app: App): () => void {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked) app.exitNow(128 + constants.signals[signal]);
    asked = true;
    app.shutdown();
  };
  const onFault = (error: unknown): void => {
    app.log.error('unexpected fault, shutting down', { error });
    if (asked) app.exitNow(1);
    asked = true;
    process.exitCode = 1;
    app.shutdown();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // A closed terminal ends us in order, too; whoever started us with nohup has asked for the opposite.
  if (!ignoresHangup()) process.on('SIGHUP', onSignal);
  process.on('uncaughtException', onFault);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.off('SIGHUP', onSignal);
    process.off('uncaughtException', onFault);
  };
}

/** Whether SIGHUP was ignored when we were started; false where the system does not say. */
function ignoresHangup(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/im.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    return false;
  }
}
