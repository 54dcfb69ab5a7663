// The built daemon with a fake `copilot-cli` agent: see matrix.ts.
import { copilotCli } from './kinds/copilot-cli.ts';
import { tellStoryOf } from './matrix.ts';

tellStoryOf(copilotCli);
