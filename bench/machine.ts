// What the figures were measured on. Without it a table of milliseconds says nothing; with it, still little: the
// ratios are what travels from one machine to another.

import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

export interface Machine {
  readonly measuredAt: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  /** Of the last minute, before the first measurement: what else the machine was doing. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  return {
    measuredAt: new Date().toISOString(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
