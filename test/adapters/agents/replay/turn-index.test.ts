// Where the turns of recordings lie: read once, as long as the file stays as it is.
import { writeFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { createClaudeReader } from '../../../../adapters/agents/claude-code/reader.ts';
import { createTurnIndexes } from '../../../../adapters/agents/replay/turn-index.ts';
import { clearRecordings, transcriptText, writeRecording } from './recordings.ts';

afterEach(clearRecordings);

const readerOf = () => createClaudeReader({ sessionUsage: null, sessionId: '' });
const text = transcriptText([{ line: '{"type":"result"}' }]);

it('reads no file of a long list twice', async () => {
  const indexes = createTurnIndexes();
  const paths = await Promise.all(Array.from({ length: 100 }, () => writeRecording(text)));
  const read = () => Promise.all(paths.map((path) => indexes.of(path, '', readerOf)));
  const first = await read();
  for (const [at, index] of (await read()).entries()) expect(index).toBe(first[at]);
});

it('reads a file again that has changed', async () => {
  const indexes = createTurnIndexes();
  const path = await writeRecording(text);
  expect((await indexes.of(path, '', readerOf)).turns).toHaveLength(1);
  const more = [1, 2].map((turn) => ({ turn, line: '{"type":"result"}' }));
  await writeFile(path, transcriptText(more));
  expect((await indexes.of(path, '', readerOf)).turns).toHaveLength(2);
});
