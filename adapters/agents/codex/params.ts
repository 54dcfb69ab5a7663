// What Codex is started with and asked for: arguments, and the parameters of its requests. No secret and no prompt is
// among the arguments. The user's own configuration ($CODEX_HOME/config.toml, MCP servers included) stays in force
// where nothing here overrides it.

import { resolve } from 'node:path';
import type { ToolServer } from '../../../src/contract/agent-tools.ts';
import { TOOL_SERVER_NAME, toolHeaders } from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';
import type { CodexSettings } from './settings.ts';

/**
 * After the program's own. Without `features.plugins=false` Codex clones a repository of plugins at each start; the
 * others keep it from calling home (Codex 0.169).
 */
export const SERVER_ARGS = [
  'app-server',
  '-c',
  'features.plugins=false',
  '-c',
  'check_for_update_on_startup=false',
  '-c',
  'analytics.enabled=false',
] as const;

/** Keeps a key that we hand over in the memory of this process; nothing is written to $CODEX_HOME. */
export const KEY_IN_MEMORY_ARGS = ['-c', 'cli_auth_credentials_store="ephemeral"'] as const;

/** Sent so often or so large, and said again at the end of their item, that nobody would want to read them. */
const UNWANTED_NOTIFICATIONS = [
  'turn/diff/updated',
  'item/commandExecution/outputDelta',
  'item/fileChange/outputDelta',
  'item/fileChange/patchUpdated',
];

export function initializeParams(): JsonObject {
  return {
    clientInfo: { name: 'sortie', title: 'Sortie', version: '1.0.0' },
    capabilities: {
      experimentalApi: false,
      requestAttestation: false,
      optOutNotificationMethods: UNWANTED_NOTIFICATIONS,
    },
  };
}

/** Of `thread/start`; `thread/resume` takes the same and the thread's id. */
export function threadParams(
  settings: CodexSettings,
  workspacePath: string,
  tools: ToolServer | null,
): JsonObject {
  const { model, personality, sandbox, trustWorkspace } = settings;
  return {
    cwd: workspacePath,
    approvalPolicy: 'never',
    sandbox,
    ...(model === null ? {} : { model }),
    ...(personality === null ? {} : { personality }),
    config: {
      // TMPDIR is private to the run; /tmp is everybody's.
      'sandbox_workspace_write.exclude_slash_tmp': true,
      // Unsaid, Codex would write each workspace into the user's config.toml as a trusted project.
      projects: { [workspacePath]: { trust_level: trustWorkspace ? 'trusted' : 'untrusted' } },
      ...(tools === null ? {} : { [`mcp_servers.${TOOL_SERVER_NAME}`]: toolServer(tools) }),
    },
  };
}

function toolServer(tools: ToolServer): JsonObject {
  return {
    url: tools.url,
    http_headers: toolHeaders(tools),
    // Without them the agent can still work, and people are told: no reason to end the run.
    required: false,
    // Otherwise each call is refused for want of a person (0.169).
    default_tools_approval_mode: 'approve',
    tool_timeout_sec: Math.ceil(tools.callTimeoutMs / 1000),
  };
}

export function turnParams(
  settings: CodexSettings,
  workspacePath: string,
  turn: { readonly threadId: string; readonly prompt: string },
): JsonObject {
  const { effort, turnPolicy } = settings;
  return {
    threadId: turn.threadId,
    input: [{ type: 'text', text: turn.prompt, text_elements: [] }],
    ...(effort === null ? {} : { effort }),
    ...(turnPolicy === null ? {} : { sandboxPolicy: sandboxPolicy(settings, workspacePath) }),
  };
}

function sandboxPolicy({ turnPolicy }: CodexSettings, workspacePath: string): JsonObject {
  switch (turnPolicy?.sandbox) {
    case 'read-only':
      return { type: 'readOnly', networkAccess: turnPolicy.networkAccess };
    case 'workspace-write':
      return {
        type: 'workspaceWrite',
        writableRoots: turnPolicy.writableRoots.map((root) => resolve(workspacePath, root)),
        networkAccess: turnPolicy.networkAccess,
        excludeTmpdirEnvVar: turnPolicy.excludeTmpdirEnvVar,
        excludeSlashTmp: turnPolicy.excludeSlashTmp,
      };
    default:
      return { type: 'dangerFullAccess' };
  }
}
