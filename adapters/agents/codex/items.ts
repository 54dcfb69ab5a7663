// What Codex does in a turn are *items*. This file says which of them are tool calls, what such a call is named, and
// how it went. Pure.

import type { JsonObject } from '../driver/index.ts';
import { arrayAt, booleanAt, cleanText, idAt, numberAt, stringAt } from '../driver/index.ts';

export interface ToolItem {
  readonly callId: string;
  readonly name: string;
  readonly ok: boolean;
  /** It changes files or other things in the world; nobody knows of a shell. */
  readonly writes: boolean;
  /** It was refused for want of a permission. */
  readonly isRefused: boolean;
  /** What the sandbox said when it could not be set up; "" otherwise. */
  readonly sandboxFailure: string;
}

/** How these refusals are worded when MCP servers are asked (Codex 0.169). */
const REFUSAL = /requires approval|approval policy is never|rejected (?:by user|MCP tool call)/i;
/** The sandbox' own programs, before the command is even started. */
const SANDBOX_FAILURE =
  /^(?:bwrap|codex-linux-sandbox): |LandlockRestrict|^error (?:running|applying) .*(?:landlock|seccomp|sandbox)/i;
const SHOWN = 300;

/** null = it is no call of a tool. @param item of `item/started` or `item/completed`. */
export function readToolItem(item: JsonObject): ToolItem | null {
  const name = toolName(item);
  const callId = idAt(item, 'id');
  if (name === null || callId === '') return null;
  const status = stringAt(item, 'status');
  const type = stringAt(item, 'type');
  const output = type === 'commandExecution' ? stringAt(item, 'aggregatedOutput').slice(0, 2 * SHOWN) : '';
  const isBroken = numberAt(item, 'exitCode') !== 0 && SANDBOX_FAILURE.test(output);
  return {
    callId,
    name,
    // Some have no status: what is complete went well.
    ok: (status === '' || status === 'completed') && (numberAt(item, 'exitCode') ?? 0) === 0,
    writes:
      type === 'fileChange' ||
      type === 'imageGeneration' ||
      (type === 'mcpToolCall' && booleanAt(item, 'readOnlyHint') === false),
    isRefused:
      status === 'declined' || (status === 'failed' && REFUSAL.test(stringAt(item, 'error', 'message'))),
    sandboxFailure: isBroken ? cleanText(output, SHOWN) : '',
  };
}

function toolName(item: JsonObject): string | null {
  const type = stringAt(item, 'type');
  switch (type) {
    case 'commandExecution':
      return 'shell';
    case 'fileChange':
      return 'apply_patch';
    case 'mcpToolCall':
      return `${stringAt(item, 'server')}.${stringAt(item, 'tool')}`;
    case 'dynamicToolCall':
    case 'collabAgentToolCall':
      return stringAt(item, 'tool') || type;
    case 'webSearch':
      return 'web_search';
    case 'imageView':
      return 'view_image';
    case 'imageGeneration':
      return 'image_generation';
    case 'sleep':
      return 'sleep';
    default:
      return null;
  }
}

/** One line about what people can read, "" when there is nothing. */
export function readText(item: JsonObject): string {
  switch (stringAt(item, 'type')) {
    case 'agentMessage':
    case 'plan':
      return cleanText(stringAt(item, 'text'));
    case 'contextCompaction':
      return 'the context was compacted';
    case 'enteredReviewMode':
      return cleanText(stringAt(item, 'review'));
    case 'fileChange':
      return '';
    default:
      return arrayAt(item, 'fragments').length > 0 ? 'a hook spoke to the agent' : '';
  }
}
