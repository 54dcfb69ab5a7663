// A tool as clients are shown it: its description with the site's own names, and its input as JSON Schema.

import { z } from 'zod';
import { isWriteOperation, type JsonMap } from '../../contract/tool-operations.ts';
import type { TrackerSchema } from '../../contract/tracker-capabilities.ts';
import type { EngineTool } from '../calls/tool.ts';
import type { OfferedTool } from '../ports.ts';

export function offeredTool(tool: EngineTool, schema: TrackerSchema | null): OfferedTool {
  const { name, title, operations } = tool;
  const readOnly = !operations.some((one) => isWriteOperation(one) || one === 'notify_operator');
  return { name, title, description: tool.describe(schema), input: inputSchema(tool), readOnly };
}

/** Asked for often and never different. */
const schemas = new WeakMap<EngineTool, JsonMap>();

export function inputSchema(tool: EngineTool): JsonMap {
  const known = schemas.get(tool);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' }) as unknown as JsonMap;
  schemas.set(tool, made);
  return made;
}
