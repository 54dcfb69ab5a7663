// All rules of the house, in the order in which their findings are worth reading.
import { checkArrows } from './arrows.ts';
import { checkCorePurity, checkCoreSize } from './core-purity.ts';
import {
  checkErasable,
  checkFileName,
  checkNamedExports,
  checkOpeningComment,
  checkOpenTasks,
  checkTestsRun,
} from './house-rules.ts';
import type { Finding, Rule, Source } from './source.ts';

export const rules: readonly Rule[] = [
  checkArrows,
  checkCorePurity,
  checkCoreSize,
  checkFileName,
  checkOpeningComment,
  checkOpenTasks,
  checkErasable,
  checkNamedExports,
  checkTestsRun,
];

export function checkAll(source: Source): Finding[] {
  return rules.flatMap((rule) => rule(source));
}
