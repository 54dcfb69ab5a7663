// Every secret value that may turn up in what an agent prints: those of the settings, and those that are passed on to
// agents from the daemon's own environment (an agent that lists its environment prints its model's key).

import type { AgentRegistration, Workflow } from '../contract/index.ts';
import { mayHoldSecret } from '../contract/secret-names.ts';
import { buildEnvironment } from '../process/index.ts';

/** Shorter values, and plain numbers (`CLAUDE_CODE_MAX_OUTPUT_TOKENS`), are no secrets and would blot out half a log. */
const LEAST_LENGTH = 8;
const PASSWORD_IN_URL = /^[a-z][a-z\d+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/i;

export function knownSecrets(
  { settings, secretEnvNames, secretValues }: Workflow,
  agent: Pick<AgentRegistration, 'passEnv'> | null,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const passed = buildEnvironment({
    from: env,
    secretNames: new Set(secretEnvNames),
    declared: agent?.passEnv ?? [],
    pass: settings.agent.passEnv,
    extra: {},
  });
  const found = Object.entries(passed).flatMap(([name, value]) => {
    const password = PASSWORD_IN_URL.exec(value)?.[1];
    const isSecret = mayHoldSecret(name) && value.length >= LEAST_LENGTH && !/^\d+$/.test(value);
    return [...(isSecret ? [value] : []), ...(password === undefined ? [] : [password])];
  });
  return [...new Set([...secretValues, ...found])];
}
