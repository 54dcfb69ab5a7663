// Every route of the loopback, in the order in which paths are matched: fixed names before placeholders.
import type { Route } from '../route.ts';
import { catalogueRoutes } from './catalogue.ts';
import { commentRoutes } from './comments.ts';
import { createMetaRoutes } from './create-meta.ts';
import { issueReadRoutes } from './issue-reads.ts';
import { issueWriteRoutes } from './issue-writes.ts';
import { jqlRoutes } from './jql-parse.ts';
import { linkRoutes } from './links.ts';
import { projectRoutes } from './projects.ts';
import { searchRoutes } from './search.ts';
import { serverInfoRoutes } from './server-info.ts';
import { transitionRoutes } from './transitions.ts';
import { userRoutes } from './users.ts';
import { watcherRoutes } from './watchers.ts';
import { worklogRoutes } from './worklogs.ts';

export const routes: readonly Route[] = [
  ...createMetaRoutes,
  ...searchRoutes,
  ...issueReadRoutes,
  ...issueWriteRoutes,
  ...commentRoutes,
  ...transitionRoutes,
  ...worklogRoutes,
  ...watcherRoutes,
  ...linkRoutes,
  ...projectRoutes,
  ...catalogueRoutes,
  ...userRoutes,
  ...serverInfoRoutes,
  ...jqlRoutes,
];
