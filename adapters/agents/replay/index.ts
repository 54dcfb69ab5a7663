// The agent `replay`: plays recorded output of another agent through that agent's own reader, so that a workflow can be
// rehearsed without tokens. docs/agents/replay.md is its page for users.

import { createRequire } from 'node:module';
import { extname, isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AgentError } from '../../../src/contract/agent.ts';
import type {
  AgentAdapter,
  AgentRegistration,
  OutputReader,
  SessionRequest,
} from '../../../src/contract/agent.ts';
import { createCliAgent } from '../driver/index.ts';
import type { CliCall, CliTurn, Program } from '../driver/index.ts';
import { PLAN_VARIABLE, planTurn } from './plan.ts';
import { createPlaylist } from './playlist.ts';
import type { Playlist, Recording } from './playlist.ts';
import { replaySettings, transcriptPaths } from './settings.ts';
import { createTurnIndexes, RecordingError } from './turn-index.ts';
import type { TurnIndexes } from './turn-index.ts';

type ReaderOf = (kind: string) => OutputReader | null;

/** Kind `replay`. @param others whose recordings can be played: adapters never import each other. */
export function replayAgent(others: readonly AgentRegistration[]): AgentRegistration {
  const readerOf: ReaderOf = (kind) =>
    others.find((other) => other.kind === kind)?.createReader?.({ sessionUsage: null, sessionId: '' }) ??
    null;
  // Shared by the checks and the sessions: a recording is read once, not at every tick.
  const indexes = createTurnIndexes();
  return {
    kind: 'replay',
    // Never run: the program is part of this package. Not empty, because nobody has to set it.
    defaultCommand: 'bundled',
    passEnv: [],
    settingsSchema: replaySettings,
    pathSettings: ['transcript'],
    // As the recorded agent does; most report while they work.
    // What was recorded is played: nothing is called again.
    tools: 'none',
    usage: 'live',
    cost: 'reported',
    async checkCommand(_command, _env, settings) {
      if (settings === undefined) return null;
      try {
        await loadRecordings(settings, indexes, readerOf);
        return null;
      } catch (error) {
        if (error instanceof RecordingError) return `replay: ${error.message}`;
        throw error;
      }
    },
    create: () => createReplayAgent(indexes, readerOf),
  };
}

function createReplayAgent(indexes: TurnIndexes, readerOf: ReaderOf): AgentAdapter {
  const playlists = new WeakMap<SessionRequest, Playlist>();
  const playlistOf = (request: SessionRequest): Playlist => {
    const playlist = playlists.get(request);
    if (playlist === undefined) throw new TypeError('this session was not prepared');
    return playlist;
  };
  return createCliAgent({
    install: '',
    cleanSignal: null,
    tellsOfServers: true,
    resolveProgram: () => Promise.resolve(bundledProgram()),
    async prepareSession({ request }) {
      const recordings = await loadRecordings(request.settings, indexes, readerOf).catch((error: unknown) => {
        if (!(error instanceof RecordingError)) throw error;
        throw new AgentError('agent_config_error', `replay: ${error.message}`, { cause: error });
      });
      playlists.set(request, createPlaylist(recordings, request.attempt, readerOf));
    },
    createReader: (_context, { request }) => playlistOf(request).reader,
    call: (turn) => callOf(turn, playlistOf(turn.request)),
  });
}

async function loadRecordings(
  block: Readonly<Record<string, unknown>>,
  indexes: TurnIndexes,
  readerOf: ReaderOf,
): Promise<readonly Recording[]> {
  const settings = replaySettings.parse(block);
  const recordings: Recording[] = [];
  for (const path of transcriptPaths(settings)) {
    // It would mean another file to the daemon than to the program, which runs in the workspace.
    if (!isAbsolute(path))
      throw new RecordingError(`${path} is a relative path in a list; write it absolute`);
    recordings.push({ path, index: await indexes.of(path, settings.agent ?? '', readerOf) });
  }
  if (recordings.length > 0) return recordings;
  throw new RecordingError('transcript is not set; set replay.transcript to a recorded file');
}

function callOf({ request, turn }: CliTurn, playlist: Playlist): CliCall {
  const { recording, turn: recorded } = playlist.next();
  const settings = replaySettings.parse(request.settings);
  const plan = planTurn(recording.path, recording.index.isTranscript, recorded, settings);
  return { args: [], env: { [PLAN_VARIABLE]: JSON.stringify(plan) }, stdin: turn.prompt };
}

/** In development a TypeScript source, which needs the loader that runs the daemon itself; in the package JavaScript. */
function bundledProgram(): Program {
  const extension = extname(fileURLToPath(import.meta.url));
  const program = fileURLToPath(new URL(`./program${extension}`, import.meta.url));
  if (extension !== '.ts') return { file: process.execPath, args: [program] };
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { file: process.execPath, args: ['--import', loader, program] };
}
