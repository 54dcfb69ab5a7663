// The Jira tracker keeps every rule that the exported suite knows, on a quiet site and on an awkward one.
import { describe, it } from 'vitest';
import { trackerConformance } from '../../../conformance/index.ts';
import { jiraWorld } from './jira-world.ts';

describe('on a quiet site', () => {
  for (const { name, run } of trackerConformance(jiraWorld())) it(name, run);
});

describe('on a site with short pages, odd ends, problem+json and another language', () => {
  const awkward = {
    shortPages: 'random',
    isLast: 'never',
    lastToken: 'empty',
    problemJson: 'alternate',
    language: 'de',
  } as const;
  for (const { name, run } of trackerConformance(jiraWorld(awkward))) it(name, run);
});
