// The built daemon with a fake `acp` agent: see matrix.ts.
import { acp } from './kinds/acp.ts';
import { tellStoryOf } from './matrix.ts';

tellStoryOf(acp);
