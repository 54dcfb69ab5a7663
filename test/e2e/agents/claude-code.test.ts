// The built daemon with a fake `claude-code` agent: see matrix.ts.
import { claudeCode } from './kinds/claude-code.ts';
import { tellStoryOf } from './matrix.ts';

tellStoryOf(claudeCode);
