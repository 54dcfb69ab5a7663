// The prompt template: parsed once, checked whole, rendered strictly and within limits. Errors carry the
// line and column of WORKFLOW.md, not of the template in it. Text of an issue goes in as data and comes out
// as it was; nothing in it is ever parsed.

import { LiquidError, type Template as LiquidTemplate, type Token } from 'liquidjs';
import type { PromptVariables, RenderPrompt } from '../contract/prompt.ts';
import type { PromptTemplate } from '../contract/settings.ts';
import {
  createEngine,
  defaultLimits,
  nestingExceeded,
  renderBounded,
  type RenderLimits,
} from './liquid-engine.ts';
import { checkTemplate } from './template-check.ts';
import { toTemplateScope } from './template-issue.ts';
import { WorkflowError, type Place, type WorkflowErrorKind } from './workflow-error.ts';

export interface Template {
  /** Every unknown variable, field and filter, in the order of the file; empty when there is none. */
  check(): readonly WorkflowError[];
  /** Throws WorkflowError `template_render_error`, also when a limit is reached. May answer "". */
  render(variables: PromptVariables): string;
}

export interface TemplateOptions {
  readonly limits?: Partial<RenderLimits> | undefined;
  /** Monotonic milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Throws WorkflowError `template_parse_error` for text that is not Liquid. Unknown filters are left to `check`. */
export function createTemplate(prompt: PromptTemplate, options: TemplateOptions = {}): Template {
  const limits = { ...defaultLimits, ...options.limits };
  const now = options.now ?? ((): number => performance.now());
  const lenient = createEngine({ strictFilters: false, outputLength: limits.outputLength });
  const strict = createEngine({ strictFilters: true, outputLength: limits.outputLength });
  let strictly: LiquidTemplate[] | undefined;
  const templates = parse(prompt, () => lenient.parse(prompt.source));
  return {
    check: () =>
      checkTemplate(lenient, templates)
        .map(({ kind, token, text }) => new WorkflowError(kind, placeOf(prompt, token), text))
        .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
    render: (variables) => {
      const ready = (strictly ??= parse(prompt, () => strict.parse(prompt.source)));
      try {
        return renderBounded(strict, ready, toTemplateScope(variables), limits, now);
      } catch (error) {
        throw placed(prompt, 'template_render_error', error);
      }
    },
  };
}

const known = new WeakMap<PromptTemplate, Template>();

/** The function that the worker is given. A template is parsed once for each PromptTemplate object. */
export const renderPrompt: RenderPrompt = async (prompt, variables) => {
  let template = known.get(prompt);
  if (template === undefined) known.set(prompt, (template = createTemplate(prompt)));
  return template.render(variables);
};

function parse(prompt: PromptTemplate, parser: () => LiquidTemplate[]): LiquidTemplate[] {
  const nesting = nestingExceeded(prompt.source);
  if (nesting !== null) {
    throw new WorkflowError('template_parse_error', { path: prompt.path, line: prompt.firstLine }, nesting);
  }
  try {
    return parser();
  } catch (error) {
    throw placed(prompt, 'template_parse_error', error);
  }
}

function placed(prompt: PromptTemplate, kind: WorkflowErrorKind, error: unknown): WorkflowError {
  if (LiquidError.is(error)) {
    // liquidjs ends its messages with the place in the template, which is not the place in the file.
    const text = error.message.replace(/, line:\d+, col:\d+$/, '');
    return new WorkflowError(kind, placeOf(prompt, error.token), `${text}; correct the template`, error);
  }
  const text = error instanceof Error ? error.message : String(error);
  return new WorkflowError(
    kind,
    { path: prompt.path, line: prompt.firstLine },
    `${text}; simplify the template`,
    error,
  );
}

function placeOf(prompt: PromptTemplate, token: Token): Place {
  const [row = 1, column = 1] = token.getPosition();
  const indent = row === 1 ? (prompt.firstColumn ?? 1) - 1 : 0;
  return { path: prompt.path, line: prompt.firstLine + row - 1, column: column + indent };
}
