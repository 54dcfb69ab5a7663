// The door of this folder: what workspace, worker and agent adapters use.

export { buildEnvironment } from './environment.ts';
export type { EnvironmentOptions } from './environment.ts';
export { launchProcess } from './launch.ts';
export type { EndCause, LaunchedProcess, LaunchOptions, LineHandler, ProcessResult } from './launch.ts';
export { killLaunched } from './live-launches.ts';
export { LaunchError } from './launch-error.ts';
export type { LaunchErrorKind } from './launch-error.ts';
export { isSameProcess, readIdentity } from './process-identity.ts';
export type { ProcessIdentity } from './process-identity.ts';
export { runOfPeer } from './peer-run.ts';
export type { LoopbackPorts, Peer } from './peer-run.ts';
export { reapOrphans } from './reap.ts';
export type { ReapOptions, ReapReport } from './reap.ts';
export { runMarks } from './run-marks.ts';
export type { EndingStages } from './staged-ending.ts';
export { toolSessions } from './tool-sessions.ts';
