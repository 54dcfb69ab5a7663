// Where the front matter ends and the prompt begins. The fence is strict: the first line is exactly `---`
// or there is no front matter, and the next line that is exactly `---` closes it. A fence with a language
// (`---js`) is refused: nothing but YAML is ever front matter, and nothing in it is ever evaluated.

import type { PromptTemplate } from '../contract/settings.ts';
import { WorkflowError } from './workflow-error.ts';

export interface FencedFile {
  /** null when the file has no front matter. Starts on line 2 of the file. */
  readonly yaml: string | null;
  readonly prompt: PromptTemplate;
}

/** Throws WorkflowError `workflow_parse_error`. */
export function splitFence(path: string, text: string): FencedFile {
  const firstLine = text.split('\n', 1)[0] ?? '';
  if (!firstLine.startsWith('---')) return { yaml: null, prompt: trimmedPrompt(path, text, 0) };
  if (firstLine !== '---') {
    const found = JSON.stringify(firstLine.slice(0, 40));
    const advice = 'front matter is YAML between two lines that are exactly ---; make this line exactly ---';
    throw new WorkflowError(
      'workflow_parse_error',
      { path, line: 1, column: 4 },
      `found ${found}; ${advice}`,
    );
  }
  const close = closingFence(text);
  if (close === -1) {
    const what = 'the front matter that opens here is not closed';
    const place = { path, line: 1, column: 1 };
    throw new WorkflowError('workflow_parse_error', place, `${what}; end it with a line that is exactly ---`);
  }
  return { yaml: text.slice(4, close), prompt: trimmedPrompt(path, text, close + 3) };
}

function closingFence(text: string): number {
  for (let at = text.indexOf('\n---', 3); at !== -1; at = text.indexOf('\n---', at + 1)) {
    const after = text[at + 4];
    if (after === undefined || after === '\n') return at + 1;
  }
  return -1;
}

function trimmedPrompt(path: string, text: string, from: number): PromptTemplate {
  const rest = text.slice(from);
  const start = from + (rest.length - rest.trimStart().length);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  return {
    source: rest.trim(),
    path,
    firstLine: text.slice(0, lineStart).split('\n').length,
    firstColumn: start - lineStart + 1,
  };
}
