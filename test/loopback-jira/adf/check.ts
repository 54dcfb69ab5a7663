// Says whether a value is a document that Jira would take: nesting, attributes and marks by adf/rules.ts.
// The answer names the first thing that is wrong and where; the loopback keeps it beside the request.
import { codeMarks, markRules, nodeRules, textMarks, type AttributeRule, type NodeRule } from './rules.ts';

type Json = Readonly<Record<string, unknown>>;

/** Null when the document is valid. */
export function checkAdf(value: unknown): string | null {
  if (!isObject(value)) return 'the document is not an object';
  if (value['type'] !== 'doc') return 'type is not "doc"';
  if (value['version'] !== 1) return 'version is not 1';
  if (!Array.isArray(value['content'])) return 'content is not an array';
  const extra = Object.keys(value).find((key) => !['type', 'version', 'content'].includes(key));
  if (extra !== undefined) return `doc has no ${extra}`;
  return checkContent(value['content'], 'doc', nodeRules['doc'] ?? {}, 'doc');
}

function checkContent(
  content: readonly unknown[],
  parent: string,
  rule: NodeRule,
  path: string,
): string | null {
  const { of = [], min = 0, max = Infinity } = rule.content ?? {};
  if (content.length < min) return `${path}: fewer than ${min} inside`;
  if (content.length > max) return `${path}: more than ${max} inside`;
  for (const [index, child] of content.entries()) {
    const here = `${path}.content[${index}]`;
    const type = isObject(child) ? child['type'] : undefined;
    if (!isObject(child) || typeof type !== 'string') return `${here}: no node`;
    if (!of.includes(type)) return `${here}: ${type} may not stand in ${parent}`;
    const problem = checkNode(child, type, parent, `${here}(${type})`);
    if (problem !== null) return problem;
  }
  return parent === 'mediaSingle' ? checkMediaSingle(content, path) : null;
}

function checkNode(node: Json, type: string, parent: string, path: string): string | null {
  const rule = nodeRules[type];
  if (!rule) return `${path}: unknown node`;
  const allowed = ['type', 'marks'];
  if (type === 'text') allowed.push('text');
  if (rule.content) allowed.push('content');
  if (rule.attributes) allowed.push('attrs');
  const extra = Object.keys(node).find((key) => !allowed.includes(key));
  if (extra !== undefined) return `${path}: no ${extra} here`;
  return (
    (type === 'text' ? checkText(node, parent, path) : checkMarks(node, marksAllowed(rule, parent), path)) ??
    checkAttributes(node['attrs'], rule.attributes ?? {}, rule.required ?? null, path) ??
    checkInside(node, type, rule, path)
  );
}

function checkInside(node: Json, type: string, rule: NodeRule, path: string): string | null {
  if (!rule.content) return null;
  const content = node['content'];
  const mayBeAbsent = (rule.content.min ?? 0) === 0 && type !== 'tableRow';
  if (content === undefined && mayBeAbsent) return null;
  if (!Array.isArray(content)) return `${path}: content is not an array`;
  return checkContent(content, type, rule, path);
}

function checkText(node: Json, parent: string, path: string): string | null {
  const { text } = node as { text?: unknown };
  if (typeof text !== 'string' || text === '') return `${path}: text is empty`;
  if (parent === 'codeBlock') return checkMarks(node, [], path);
  const marks: unknown[] = Array.isArray(node['marks']) ? node['marks'] : [];
  const isCode = marks.some((mark) => isObject(mark) && mark['type'] === 'code');
  return checkMarks(node, isCode ? codeMarks : textMarks, path);
}

function marksAllowed(rule: NodeRule, parent: string): readonly string[] {
  return rule.marks?.[parent] ?? rule.marks?.['*'] ?? [];
}

function checkMarks(node: Json, allowed: readonly string[], path: string): string | null {
  const marks = node['marks'];
  if (marks === undefined) return null;
  if (!Array.isArray(marks)) return `${path}: marks is not an array`;
  const seen = new Set<string>();
  for (const mark of marks as unknown[]) {
    const type = isObject(mark) ? mark['type'] : undefined;
    if (!isObject(mark) || typeof type !== 'string') return `${path}: no mark`;
    if (!allowed.includes(type)) return `${path}: the mark ${type} is not allowed here`;
    if (seen.has(type)) return `${path}: the mark ${type} twice`;
    seen.add(type);
    const rule = markRules[type];
    if (!rule) return `${path}: unknown mark ${type}`;
    const required = rule.required.length > 0 ? [rule.required] : null;
    const problem = checkAttributes(mark['attrs'], rule.attributes, required, `${path}.${type}`);
    if (problem !== null) return problem;
  }
  return seen.has('alignment') && seen.has('indentation') ? `${path}: alignment with indentation` : null;
}

function checkAttributes(
  attributes: unknown,
  rules: Readonly<Record<string, AttributeRule>>,
  required: readonly (readonly string[])[] | null,
  path: string,
): string | null {
  if (attributes === undefined) {
    // An empty set among several means that all attributes may be left out; alone, that an object must be there.
    const optional = required === null || (required.length > 1 && required.some((set) => set.length === 0));
    return optional ? null : `${path}: no attrs`;
  }
  if (!isObject(attributes)) return `${path}: attrs is not an object`;
  for (const [name, value] of Object.entries(attributes)) {
    const rule = rules[name];
    if (rule === undefined) return `${path}: no attribute ${name}`;
    if (!fits(value, rule)) return `${path}: attribute ${name} has a wrong value`;
  }
  const forms =
    required === null || required.length < 2 ? required : required.filter((form) => form.length > 0);
  if (forms === null || forms.some((form) => form.every((demand) => meets(attributes, demand)))) return null;
  return `${path}: attributes must be ${forms.map((form) => form.join(', ')).join(' or ')}`;
}

function meets(attributes: Json, demand: string): boolean {
  if (demand.startsWith('!')) return !(demand.slice(1) in attributes);
  const [name = '', value] = demand.split('=');
  return value === undefined ? name in attributes : attributes[name] === value;
}

function fits(value: unknown, rule: AttributeRule): boolean {
  if (rule === 'any') return true;
  if (rule === 'text') return typeof value === 'string' && value !== '';
  if (rule === 'object') return isObject(value);
  if (rule === 'list') return Array.isArray(value) && value.length > 0;
  if (typeof rule === 'string') return typeof value === rule;
  if (rule instanceof RegExp) return typeof value === 'string' && rule.test(value);
  if ('min' in rule) return typeof value === 'number' && value >= rule.min && value <= rule.max;
  return rule.some((allowed) => allowed === value);
}

function checkMediaSingle(content: readonly unknown[], path: string): string | null {
  const types = content.map((node) => (isObject(node) ? node['type'] : undefined));
  if (types[0] !== 'media') return `${path}: media comes first`;
  return types.length === 2 && types[1] !== 'caption' ? `${path}: only a caption may follow` : null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
