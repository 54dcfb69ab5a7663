// The built daemon with a fake `gemini-cli` agent: see matrix.ts.
import { geminiCli } from './kinds/gemini-cli.ts';
import { tellStoryOf } from './matrix.ts';

tellStoryOf(geminiCli);
