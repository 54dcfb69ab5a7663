// `--format json`, the same as `--json`, for commands that scripts call both ways.

import { Option, type Command } from 'commander';
import type { ClientFlags } from './client/flags.ts';

export interface FormatFlags extends ClientFlags {
  readonly format: 'text' | 'json';
}

export function withFormat(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'json is the same as --json').choices(['text', 'json']).default('text'),
  );
}

export function wantsJson({ json, format }: Pick<FormatFlags, 'json' | 'format'>): boolean {
  return json === true || format === 'json';
}
