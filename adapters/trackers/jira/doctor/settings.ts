// What the settings alone say, without asking the site: the same warnings as `sortie validate` has.
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { warning, type Visit } from './finding.ts';

export async function* checkSettings({ connection }: Visit): AsyncGenerator<DoctorFinding, void, void> {
  for (const text of connection.settings.warnings) {
    const at = text.lastIndexOf('; ');
    if (at === -1) yield warning('settings', text, '');
    else yield warning('settings', text.slice(0, at), text.slice(at + 2));
  }
}
