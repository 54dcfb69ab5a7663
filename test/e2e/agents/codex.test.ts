// The built daemon with a fake `codex` agent: see matrix.ts.
import { codex } from './kinds/codex.ts';
import { tellStoryOf } from './matrix.ts';

tellStoryOf(codex);
