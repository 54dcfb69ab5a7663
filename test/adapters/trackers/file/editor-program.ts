// Somebody else's editor: counts up `note` of issue 0 by writing six digits in place, with no regard for us, and
// looks a little later whether its edit is still there; if not, does it again, as a person would.
// `editor-program.ts <issues.json> <edits>`; prints how many it made sure of and then lost.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [, , path = '', edits = '1'] = process.argv;
/** Far more than the microseconds for which the tracker documents that an edit may be overwritten. */
const lookAgainMs = 15;
const marker = '"note": "';

writeSync(1, 'ready\n');
let lost = 0;
for (let count = 1; count <= Number(edits); count += 1) {
  const digits = String(count).padStart(6, '0');
  // The last edit was seen to be there: whoever takes it away from now on has lost it.
  if (!readFileSync(path, 'utf8').includes(marker + String(count - 1).padStart(6, '0'))) lost += 1;
  await sleep(count % 7);
  do {
    const fd = openSync(path, 'r+');
    const at = readFileSync(fd).indexOf(marker);
    if (at === -1) throw new Error('half a file');
    writeSync(fd, digits, at + marker.length);
    closeSync(fd);
    await sleep(lookAgainMs);
  } while (!readFileSync(path, 'utf8').includes(marker + digits));
}
writeSync(1, `${lost} lost of ${edits}\n`);
