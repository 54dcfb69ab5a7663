// Signatures first; the body follows.
import type { JiraClient } from './client.ts';
import type { Governor } from './governor/governor.ts';
import type { JiraContext, JiraSettings } from './settings.ts';

/** What the tracker is built on. */
export interface JiraConnection {
  readonly settings: JiraSettings;
  readonly client: JiraClient;
  readonly governor: Governor;
  readonly warn: JiraContext['warn'];
}

/** Throws TrackerError for settings that cannot work. No I/O. Adapters of one site share governor and sockets. */
export declare function connectJira(context: JiraContext): JiraConnection;
