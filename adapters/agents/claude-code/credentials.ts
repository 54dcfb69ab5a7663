// Whether the CLI is signed in, asked once and remembered while the answer was good. `claude auth status` costs no tokens
// and makes no request, so it knows whether there are credentials and not whether they are accepted. It knows nothing
// of gateways that want only a header of their own; where one may be meant, nothing is asked and nothing is judged.

import { join } from 'node:path';
import { AgentError } from '../../../src/contract/agent.ts';
import { booleanAt, readJsonLine, readPlainText } from '../driver/index.ts';
import type { SessionStart } from '../driver/index.ts';
import { probeClaude } from './probe.ts';

/** Each of them is a credential, or says that the models come from elsewhere. */
const CREDENTIALS = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_CUSTOM_HEADERS',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
] as const;

/** A sign-in may be ended at any time; the turn that meets that says so itself. */
const GOOD_FOR_MS = 10 * 60_000;
/** Who gave no answer that we know is believed as well; asked again sooner, and not by every session in turn. */
const UNKNOWN_FOR_MS = 60_000;
/** Larger settings files are nobody's. */
const LARGEST_BYTES = 1024 * 1024;

/** One for the daemon's life. */
export interface CredentialCheck {
  /** Throws `agent_config_error` (`authentication`) only when the CLI itself says that it is not signed in. */
  require(start: SessionStart, signal: AbortSignal): Promise<void>;
}

/** @param now monotonic milliseconds. */
export function createCredentialCheck(now: () => number = () => performance.now()): CredentialCheck {
  const goodUntilMs = new Map<string, number>();
  const queues = new Map<string, Promise<void>>();

  async function check(key: string, start: SessionStart, signal: AbortSignal): Promise<void> {
    if ((goodUntilMs.get(key) ?? -Infinity) > now()) return;
    const { exitCode, stdoutText } = await probeClaude(start, ['auth', 'status'], signal);
    const status = readJsonLine(stdoutText.trim());
    const isSignedIn = booleanAt(status, 'loggedIn');
    if (isSignedIn !== false) goodUntilMs.set(key, now() + (isSignedIn ? GOOD_FOR_MS : UNKNOWN_FOR_MS));
    if (isSignedIn !== false || exitCode === 0 || (await hasSettingsOfItsOwn(start))) return;
    throw new AgentError(
      'agent_config_error',
      'Claude Code is not signed in; run `claude auth login` as the user that runs sortie, or set ANTHROPIC_API_KEY',
      { reason: 'authentication', exitCode },
    );
  }

  return {
    async require(start, signal) {
      const { env } = start.request;
      if (CREDENTIALS.some((name) => (env[name] ?? '') !== '')) return;
      const key = JSON.stringify([start.program, env['HOME'], env['CLAUDE_CONFIG_DIR']]);
      // One at a time: when many sessions begin at once, the first asks for all.
      const turn = (queues.get(key) ?? Promise.resolve()).then(() => check(key, start, signal));
      const settled = turn.catch(() => undefined);
      queues.set(key, settled);
      await turn.finally(() => {
        if (queues.get(key) === settled) queues.delete(key);
      });
    },
  };
}

/** Settings files may hold what `auth status` does not count as a sign-in. */
async function hasSettingsOfItsOwn({ request }: SessionStart): Promise<boolean> {
  const { HOME: home = '', CLAUDE_CONFIG_DIR: own = '' } = request.env;
  const folders = [own === '' ? join(home, '.claude') : own, join(request.workspacePath, '.claude')];
  const files = [
    ...folders.flatMap((folder) => [join(folder, 'settings.json'), join(folder, 'settings.local.json')]),
    '/etc/claude-code/managed-settings.json',
    '/Library/Application Support/ClaudeCode/managed-settings.json',
  ];
  const texts = await Promise.all(files.map((file) => readPlainText(file, LARGEST_BYTES).catch(() => '')));
  return texts.some(
    (text) => CREDENTIALS.some((name) => text.includes(name)) || text.includes('apiKeyHelper'),
  );
}
