// `--limit` of lists.

import { InvalidArgumentError } from 'commander';

export function limitArgument(text: string): number {
  const count = Number(text);
  if (!/^\d{1,6}$/.test(text) || count === 0) {
    throw new InvalidArgumentError('expected a number from 1 to 999999.');
  }
  return count;
}
