// Which variables of the daemon's environment Claude Code gets. Cloud credentials are among them only when the daemon's
// own environment says that the models come from that cloud: an agent that does not need them must not be able to
// read them.

import { NETWORK_VARIABLES } from '../driver/index.ts';

const ALWAYS: readonly string[] = [
  'ANTHROPIC_*',
  'CLAUDE_*',
  // Set by those who run the daemon as root in a container on purpose; the CLI refuses bypassPermissions without it.
  'IS_SANDBOX',
  'DISABLE_AUTOUPDATER',
  ...NETWORK_VARIABLES,
];

/** Clouds, by the variable that chooses them. */
const CLOUDS: Readonly<Record<string, readonly string[]>> = {
  CLAUDE_CODE_USE_BEDROCK: ['AWS_*'],
  CLAUDE_CODE_USE_VERTEX: ['GOOGLE_*', 'GCLOUD_PROJECT', 'CLOUDSDK_*', 'CLOUD_ML_REGION', 'VERTEX_REGION_*'],
  CLAUDE_CODE_USE_FOUNDRY: ['AZURE_*'],
};

/** Names and prefixes. @param env the daemon's own environment. */
export function passedNames(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const clouds = Object.entries(CLOUDS).flatMap(([choice, names]) => (isOn(env[choice]) ? names : []));
  return [...ALWAYS, ...clouds];
}

/** As the CLI reads its own switches. */
function isOn(value: string | undefined): boolean {
  return ['1', 'true', 'yes', 'on'].includes((value ?? '').trim().toLowerCase());
}
