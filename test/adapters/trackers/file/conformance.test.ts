// The file tracker keeps every rule that the exported suite knows.
import { it } from 'vitest';
import { trackerConformance } from '../../../conformance/index.ts';
import { fileWorld } from './file-world.ts';

for (const { name, run } of trackerConformance(fileWorld())) it(name, run);
