// Says on stderr that a connection is lost: once, because one that stays lost is not news every two seconds.

import { oneField } from './command-line.ts';

/** Give it "" when the connection is there. */
export function sayOnce(): (trouble: string) => void {
  let isLost = false;
  return (trouble) => {
    if (trouble !== '' && !isLost) {
      process.stderr.write(`no connection: ${oneField(trouble)}; trying again\n`);
    }
    isLost = trouble !== '';
  };
}
