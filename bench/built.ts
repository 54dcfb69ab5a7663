// The built program's modules, typed as their sources. What is measured is what is shipped: the loader that runs
// this folder rewrites functions on the way and would be measured as well.

import type * as fileTracker from '../adapters/trackers/file/index.ts';
import type * as app from '../src/app.ts';
import type * as http from '../src/http/index.ts';
import type * as store from '../src/store/index.ts';
import type * as sqlite from '../src/store/sqlite-module.ts';
import type * as telemetry from '../src/telemetry/index.ts';
import type * as outbox from '../src/tools/outbox/index.ts';
import type * as policy from '../src/tools/policy/index.ts';

const place = new URL('../dist/src/', import.meta.url);

export const builtMain = new URL('main.js', place);

export const builtApp = async () => (await load('app.js')) as typeof app;
export const builtHttp = async () => (await load('http/index.js')) as typeof http;
export const builtStore = async () => (await load('store/index.js')) as typeof store;
export const builtSqlite = async () => (await load('store/sqlite-module.js')) as typeof sqlite;
export const builtTelemetry = async () => (await load('telemetry/index.js')) as typeof telemetry;
export const builtOutbox = async () => (await load('tools/outbox/index.js')) as typeof outbox;
export const builtPolicy = async () => (await load('tools/policy/index.js')) as typeof policy;
export const builtFileTracker = async () =>
  (await load('../adapters/trackers/file/index.js')) as typeof fileTracker;

function load(path: string): Promise<unknown> {
  return import(new URL(path, place).href);
}
