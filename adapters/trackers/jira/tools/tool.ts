// How each tool here is written: checked arguments in, a plan out, and a description made of fixed words and of what
// the site calls its things. Nothing is sent while planning, and what makes no sense is a ToolFault of one line.
import type { ZodType } from 'zod';
import type { WriteAction } from '../../../../src/contract/tool-operations.ts';
import {
  ToolFault,
  type ToolPlace,
  type ToolPlan,
  type TrackerTool,
} from '../../../../src/contract/agent-tools.ts';
import type { AssignCapability, DirectoryCapability } from '../../../../src/contract/tracker-capabilities.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { JiraClient } from '../client.ts';
import { describeWith, type SiteList } from './site-names.ts';

/** What the tools stand on. */
export interface JiraToolParts {
  readonly client: JiraClient;
  /** The site, for links; without a slash at the end. */
  readonly browseBase: string;
  /** Runs the job once it is known that we are logged in: an anonymous visitor's empty list is not believed. */
  readonly loggedIn: <T>(signal: AbortSignal, job: () => Promise<T>) => Promise<T>;
  readonly people: Pick<AssignCapability, 'findUsers'> & DirectoryCapability;
}

export interface Definition<Input extends Record<string, unknown>> extends Omit<
  TrackerTool,
  'describe' | 'input' | 'plan'
> {
  /** The fixed part of the description, at most 1,000 bytes. */
  readonly about: string;
  /** Which of the site's names follow. */
  readonly names: readonly SiteList[];
  readonly input: ZodType<Input>;
  readonly plan: (args: Input, place: ToolPlace) => ToolPlan;
}

export function defineTool<Input extends Record<string, unknown>>(
  definition: Definition<Input>,
): TrackerTool {
  const { about, names, plan, ...rest } = definition;
  return {
    ...rest,
    describe: (schema) => describeWith(about, names, schema),
    plan: (args, place) => plan(args as Input, place),
  };
}

export function writes(...actions: readonly WriteAction[]): ToolPlan {
  return { kind: 'write', actions };
}

export function refuse(message: string): ToolFault {
  return new ToolFault('invalid_arguments', message);
}

/** What pure parts of the adapter refuse, as a plan refuses it. */
export function asFault<T>(job: () => T): T {
  try {
    return job();
  } catch (error) {
    if (error instanceof TrackerError) throw new ToolFault(error.kind, error.message);
    throw error;
  }
}

/** A value in a message: quoted, one line, not too long, and with nothing in it that is not seen. */
export function shown(value: string): string {
  const quoted = JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
  return quoted.replace(
    /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The parts that are there. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
