// The strict fence: what is front matter, what is prompt, and what is refused before any YAML is read.
import { mkdirSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadWorkflow } from '../../src/workflow/index.ts';
import { lines, loadBad, loadGood, minimal, optionsFor } from './workflow-file.ts';

it('takes the YAML until the next fence line, and the rest, trimmed, as the prompt', async () => {
  const workflow = await loadGood({ body: '\n\n  Hello\n\n---\n\nthere\n\n' });
  expect(workflow.prompt).toMatchObject({ source: 'Hello\n\n---\n\nthere', firstLine: 10, firstColumn: 3 });
  expect(workflow.settings.agent.command).toBe('my-agent');
});

it('takes the whole file as the prompt when there is no fence', async () => {
  const env = { SORTIE_TRACKER_KIND: 'file', SORTIE_AGENT_KIND: 'command', SORTIE_AGENT_COMMAND: 'x' };
  const workflow = await loadGood({ text: '\n---\nnot: settings\n---\n', env });
  expect(workflow.prompt).toMatchObject({ source: '---\nnot: settings\n---', firstLine: 2 });
});

it('accepts a BOM and CRLF', async () => {
  const text = `\uFEFF---\n${minimal}---\nOne\nTwo\n`.replaceAll('\n', '\r\n');
  const workflow = await loadGood({ text });
  expect(workflow.prompt).toMatchObject({ source: 'One\nTwo', firstLine: 8 });
  expect(workflow.settings.tracker.kind).toBe('file');
});

it.each(['---js', '--- js', '---javascript', '---json', '---coffee', '---toml', '---yaml', '--- ', '----'])(
  'refuses the fence %j and evaluates nothing',
  async (fence) => {
    Reflect.deleteProperty(globalThis, 'evaluated');
    const result = await loadBad({ text: `${fence}\n{ x: (globalThis.evaluated = true) }\n---\nx` });
    expect(result.kind).toBe('workflow_parse_error');
    expect(lines(result.problems)[0]).toMatch(/^workflow_front_matter WORKFLOW\.md:1:4: found "---/);
    expect(Reflect.has(globalThis, 'evaluated')).toBe(false);
  },
);

it.each(['---\ntracker:\n  kind: file\n', '---', '---\n', '---\na: 1\n----\nx', '---\na: 1\n--- \nx'])(
  'refuses the unclosed fence of %j',
  async (text) => {
    const result = await loadBad({ text });
    expect(result.kind).toBe('workflow_parse_error');
    expect(lines(result.problems)[0]).toContain(
      'WORKFLOW.md:1:1: the front matter that opens here is not closed',
    );
  },
);

it.each([
  ['Latin-1', Buffer.from('---\na: 1\n---\ncaf\xe9\n', 'latin1'), 'WORKFLOW.md:4: is not UTF-8'],
  ['UTF-16', Buffer.from('\uFEFF---\n', 'utf16le'), 'WORKFLOW.md:1: holds a NUL byte'],
  [
    'half-written',
    Buffer.concat([Buffer.from('---\na: 1\n'), Buffer.alloc(10)]),
    'WORKFLOW.md:3: holds a NUL byte',
  ],
  ['10 MB', Buffer.alloc(10_000_000, 'a'), 'WORKFLOW.md: the file is over 1048576 bytes'],
])('refuses a %s file', async (_name, text, message) => {
  const result = await loadBad({ text });
  expect(result.kind).toBe('workflow_parse_error');
  expect(lines(result.problems)).toEqual([expect.stringContaining(`workflow_load ${message}`)]);
  expect(result.contentHash).toMatch(/^[0-9a-f]{64}$/);
});

it('reads a file of exactly 1 MiB', async () => {
  const head = `---\n${minimal}---\n`;
  const workflow = await loadGood({ text: head + 'x'.repeat(1024 * 1024 - head.length) });
  expect(workflow.prompt.source).toHaveLength(1024 * 1024 - head.length);
});

it('says that the file is missing, a folder, or not a regular file, without waiting on a pipe', async () => {
  const options = optionsFor({});
  const kindOf = async (): Promise<string> => {
    const result = await loadWorkflow(options);
    if (result.ok) throw new Error('expected to fail');
    expect(result.kind).toBe('missing_workflow_file');
    expect(result.contentHash).toBeNull();
    return result.problems[0]?.message ?? '';
  };
  rmSync(options.path);
  expect(await kindOf()).toContain('there is no such file');
  mkdirSync(options.path);
  expect(await kindOf()).toContain('this is a folder');
  rmSync(options.path, { recursive: true });
  execFileSync('mkfifo', [options.path]);
  expect(await kindOf()).toContain('not a regular file');
  expect(await loadWorkflow({ ...options, path: join(options.path, 'below') })).toMatchObject({
    kind: 'missing_workflow_file',
  });
});
