// What the scripted model does: chosen by the last `[[scenario:NAME argument]]` in the conversation's last prompt, and
// by whether a tool has answered since. The same for every protocol; the protocols only word it.
// Each call that is answered costs 100 uncached and 20 cached input tokens and 10 output tokens, 3 of them reasoning.

export const CALL_USAGE = { uncached: 100, cached: 20, output: 10, reasoning: 3 } as const;

/** What a protocol has read out of a request. */
export interface ModelRequest {
  /** The text of the last prompt of the user (not of tool results, not of the system). */
  readonly prompt: string;
  /** Tool results that came after that prompt. */
  readonly toolResults: number;
  readonly tools: readonly DeclaredTool[];
  readonly model: string;
}

export interface DeclaredTool {
  readonly name: string;
  /** Where a protocol parts the tools of a server from others: its name. */
  readonly namespace?: string;
  /** JSON schema of its arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type ModelReply =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly namespace?: string | undefined;
      readonly input: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'error'; readonly status: 401 | 429 | 500 }
  /** The stream begins, says a word, and stays open. */
  | { readonly kind: 'hang' };

/** The file that `[[scenario:tool]]` writes into the agent's cwd. */
export const WRITTEN_FILE = 'agent-output.txt';

/** A call of a tool of an MCP server, by its name there. */
export interface ScriptedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** @param next the call that `[[scenario:calls]]` makes after so many others; null = it is done. */
export function replyTo(request: ModelRequest, next: ScriptedCall | null = null): ModelReply {
  const [, name = 'text', argument = ''] = [...request.prompt.matchAll(MARKER)].at(-1) ?? [];
  // A side call (a title, a summary) has no tools: it must not get a call of one.
  if (request.tools.length === 0 && !name.startsWith('error')) return { kind: 'text', text: 'A title' };
  const asked = request.toolResults === 0;
  switch (name) {
    case 'tool':
      return asked ? shell(request, `echo hello-from-agent > ${WRITTEN_FILE}`) : done;
    case 'slowtool':
      return asked ? shell(request, slow(argument)) : done;
    case 'mcp':
      return asked ? served(request, { tool: argument, args: { text: 'from the model' } }) : done;
    case 'calls':
      return next === null ? done : served(request, next);
    case 'loop':
      return shell(request, `echo round ${request.toolResults}`);
    case 'hang':
      return { kind: 'hang' };
    case 'error401':
      return { kind: 'error', status: 401 };
    case 'error429':
      return { kind: 'error', status: 429 };
    case 'error500':
      return { kind: 'error', status: 500 };
    default:
      return done;
  }
}

/** What people said, unlike reminders and surroundings that agents add to a conversation as if a person had. */
export function isPrompt(text: string): boolean {
  return text.includes('[[scenario:');
}

const MARKER = /\[\[scenario:(\w+)(?: ([\w.]+))?\]\]/gu;
/** Claude Code refuses a command that begins with a long sleep. */
const slow = (seconds: string): string => `echo begun; sleep ${seconds === '' ? '300' : seconds}; echo slept`;
const done: ModelReply = { kind: 'text', text: 'The scripted model is done.' };
const SHELLS = ['bash', 'exec_command', 'shell_command', 'run_shell_command', 'shell', 'local_shell'];

function served({ tools }: ModelRequest, { tool, args }: ScriptedCall): ModelReply {
  const found = tools.find((one) => isServed(one, tool));
  if (found === undefined) {
    return { kind: 'text', text: `No ${tool} among ${tools.map(({ name }) => name).join(', ')}.` };
  }
  return { kind: 'tool', name: found.name, namespace: found.namespace, input: args };
}

/** Whether that is a server's tool, by the end of its name: what stands before it, each agent makes up by itself. */
export function isServed({ name }: DeclaredTool, tool: string): boolean {
  return name === tool || name.endsWith(`_${tool}`) || name.endsWith(`-${tool}`);
}

/** A call of the agent's own shell tool, whatever it is called and whatever it demands. */
function shell({ tools }: ModelRequest, script: string): ModelReply {
  const wanted = (name: string): number => SHELLS.indexOf(name.toLowerCase());
  const [tool] = tools
    .filter(({ name }) => wanted(name) >= 0)
    .sort((a, b) => wanted(a.name) - wanted(b.name));
  if (tool === undefined) {
    return { kind: 'text', text: `No shell among ${tools.map(({ name }) => name).join(', ')}.` };
  }
  const properties = objectAt(tool.parameters, 'properties');
  const required = tool.parameters['required'];
  const input: Record<string, unknown> = {};
  for (const name of Array.isArray(required) ? (required as string[]) : [])
    input[name] = anyOf(properties[name]);
  for (const name of ['command', 'cmd']) {
    if (!(name in properties)) continue;
    const isList = objectAt(properties, name)['type'] === 'array';
    input[name] = isList ? ['bash', '-lc', script] : script;
  }
  // Codex hands a command's output over after ten seconds otherwise, and the turn goes on without it.
  if ('yield_time_ms' in properties) input['yield_time_ms'] = 30_000;
  if ('description' in properties) input['description'] = 'Run a command';
  return { kind: 'tool', name: tool.name, input };
}

function anyOf(schema: unknown): unknown {
  const type =
    typeof schema === 'object' && schema !== null ? (schema as { type?: unknown }).type : undefined;
  if (type === 'number' || type === 'integer') return 60;
  if (type === 'boolean') return false;
  return type === 'array' ? [] : type === 'object' ? {} : 'x';
}

export function objectAt(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const found = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {};
}

/** All text in a message's content, in whatever form the protocol gives it. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.map((part: unknown) => objectAt({ part }, 'part')['text']);
  return texts.filter((text) => typeof text === 'string').join('\n');
}
