// `sortie validate`: a load, plus everything else that can be known without asking anybody: the adapters can
// be made, the workspace root can be written, the template renders against sample issues. That the agent is not
// installed where the file is checked is a warning. Reports all of it at once.

import type { Workflow, WorkflowProblem } from '../contract/settings.ts';
import { missingAgent } from './agent-command.ts';
import type { LoadOptions } from './load-options.ts';
import { checkName, loadWorkflow } from './load-workflow.ts';
import { checkWorkspaceRoot } from './preflight.ts';
import { ProblemList } from './problem-list.ts';
import { samples } from './sample-issue.ts';
import { createTemplate } from './template.ts';
import { checkTracker, trackerContext } from './tracker-check.ts';
import { WorkflowError } from './workflow-error.ts';

/** Errors first, then warnings; empty when all is well. */
export async function validateWorkflow(options: LoadOptions): Promise<readonly WorkflowProblem[]> {
  const loaded = await loadWorkflow(options);
  const missing = await missingAgent(loaded, options.env, 'warning');
  if (!loaded.ok) return [...loaded.problems, ...missing];
  const { workflow, tracker, agent } = loaded;
  const problems = new ProblemList();
  problems.add(workflow.warnings);
  await attempt(problems, 'tracker_adapter', workflow, () => {
    const adapter = tracker.create(trackerContext(workflow, () => undefined));
    problems.add(checkTracker(workflow, tracker, adapter));
  });
  await attempt(problems, 'agent_adapter', workflow, () => agent.create());
  problems.add([...(await checkWorkspaceRoot(workflow)), ...missing]);
  renderSamples(workflow, problems);
  return problems.all;
}

async function attempt(
  problems: ProblemList,
  check: string,
  { path }: Workflow,
  step: () => unknown,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    problems.error(check, `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What only some issues bring about is a warning; what the full sample shows happens to every one. */
function renderSamples({ prompt }: Workflow, problems: ProblemList): void {
  const template = createTemplate(prompt);
  const said = new Set<string>();
  for (const [index, { name, variables, firstTurn }] of samples.entries()) {
    const report = (check: string, text: string): void => {
      if (said.has(text)) return;
      said.add(text);
      if (index === 0) problems.error(check, text);
      else problems.warning(check, `${text} (seen with ${name})`);
    };
    try {
      if (template.render(variables).trim() === '' && firstTurn) {
        report(
          'template_render',
          `${prompt.path}:${prompt.firstLine}: the prompt is empty when rendered; say what to do`,
        );
      }
    } catch (error) {
      if (!(error instanceof WorkflowError)) throw error;
      report(checkName(error.kind), error.message);
    }
  }
}
