// The built daemon with a fake `opencode` agent: see matrix.ts.
import { opencode } from './kinds/opencode.ts';
import { tellStoryOf } from './matrix.ts';

tellStoryOf(opencode);
