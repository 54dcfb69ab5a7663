// Following what an agent says over HTTP: from the beginning, live, from the line that was seen last, until the run is
// over. And what stands in it, which is no secret that the daemon knows.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { until } from '../program.ts';
import { SPOKEN } from './kind.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { SAID, setScene, TRACKER_KEY } from './scene-daemon.ts';
import type { SceneDaemon } from './scene-daemon.ts';

const open: SceneDaemon[] = [];
const streams: AbortController[] = [];
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.abort();
  for (const scene of open.splice(0)) expect(await scene.close()).toEqual([]);
});

interface ServerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Collects what a stream sends, until it ends. */
async function follow(url: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  streams.push(controller);
  const response = await fetch(url, { headers, signal: controller.signal });
  const events: ServerEvent[] = [];
  const done = (async () => {
    let text = '';
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string): string => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('event') !== '')
          events.push({ event: field('event'), id: field('id'), data: field('data') });
      }
    }
    return 'ended';
  })().catch(() => 'broken off');
  return { response, events, done };
}

it('is followed live and from the line seen last, and ends with the run', async () => {
  const scene = await setScene(claudeCode);
  open.push(scene);
  const issue = await scene.add(1, ['hangs in tool']);
  await scene.start();
  const runId = await until(
    'a run in a tool',
    async () => (await scene.state()).running.find(({ tools }) => tools.length > 0)?.run_id,
  );
  const url = `${scene.daemon().url}/api/v1/runs/${runId}/transcript`;
  const all = await follow(url);
  expect(all.response.headers.get('content-type')).toContain('text/event-stream');
  // The prompt, and twelve lines of the agent.
  await until('what was said so far', () => all.events.length >= 13);
  const late = await follow(url, { 'last-event-id': '10' });
  await until('what came after', () => late.events.length >= 3);
  expect(late.events[0]?.id).toBe('11');

  await scene.edit(issue, { state: 'Done' });
  expect(await Promise.all([all.done, late.done])).toEqual(['ended', 'ended']);
  const lines = all.events.filter(({ event }) => event === 'line');
  expect(lines.map(({ id }) => Number(id))).toEqual(lines.map((_, at) => at + 1));
  expect(all.events.at(-1)?.event).toBe('end');
  expect(late.events).toEqual(all.events.slice(10));
  // Its last words, after the signal, are there.
  expect(lines.at(-1)?.data).toContain('aborted');

  const again = await follow(`${url}?after=${lines.length - 1}`);
  expect(await again.done).toBe('ended');
  expect(again.events.map(({ event }) => event)).toEqual(['line', 'end']);
});

it('ends for those who follow it when the daemon stops', async () => {
  const scene = await setScene(claudeCode);
  open.push(scene);
  await scene.add(1, ['hangs in tool']);
  await scene.start();
  const runId = await until(
    'a run in a tool',
    async () => (await scene.state()).running.find(({ tools }) => tools.length > 0)?.run_id,
  );
  const stream = await follow(`${scene.daemon().url}/api/v1/runs/${runId}/transcript`);
  await until('what was said so far', () => stream.events.length >= 13);
  await scene.daemon().stop();
  expect(await stream.done).toBe('ended');
});

it('is a plain 404 when there is none', async () => {
  const scene = await setScene(claudeCode);
  open.push(scene);
  const { url } = await scene.start();
  for (const id of ['11111111-2222-4333-8444-555555555555', 'no-run', '..%2F..%2Fetc%2Fpasswd']) {
    const response = await fetch(`${url}/api/v1/runs/${id}/transcript`);
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { error: { code: 'run_not_found' } },
    ]);
  }
});

it('holds no secret, for nobody but the owner to read, and no file of the run is left elsewhere', async () => {
  const scene = await setScene(claudeCode, { pass_env: ['PASSED_TOKEN'] });
  open.push(scene);
  // It says aloud all that it was given, on both of its outputs.
  const issue = await scene.add(1, ['works', 'goes on'], { before: 'env >&2; env | sed "s/^/noise /"' });
  await scene.start({ PASSED_TOKEN: 'passed-9a8b7c6d5e4f' });
  await scene.untilState(issue, 'In Review');
  const [run] = await scene.runs(issue);
  const rows = await scene.transcript(run?.run_id ?? '');
  const text = rows.map(({ line }) => line).join('\n');
  expect(text).toContain('noise PASSED_TOKEN=[redacted]');
  expect(rows.some(({ stream, line }) => stream === 'stderr' && line.startsWith('PASSED_TOKEN='))).toBe(true);
  // A credential that the adapter asks for is no setting, and is known all the same.
  const secrets = [SAID, TRACKER_KEY, 'passed-9a8b7c6d5e4f', claudeCode.env['ANTHROPIC_API_KEY'] ?? ''];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);

  const folder = scene.folder.file('.sortie.db.transcripts');
  const files = readdirSync(folder);
  expect(files).toContain(`${run?.run_id ?? ''}.jsonl`);
  for (const file of files) {
    expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    expect(readFileSync(join(folder, file), 'utf8')).not.toContain(SAID);
  }
  const [call] = await scene.cast.of(issue).calls();
  expect(existsSync(call?.env['TMPDIR'] ?? '')).toBe(false);
  expect(call?.env).toMatchObject({ PASSED_TOKEN: 'passed-9a8b7c6d5e4f', [SPOKEN]: SAID });
  expect(call?.env).not.toHaveProperty('SAID_ALOUD');
  expect(readdirSync(scene.folder.file('tmp'))).toEqual([]);
  expect(readdirSync(scene.folder.file('.sortie.db.private'))).toEqual([]);
});
