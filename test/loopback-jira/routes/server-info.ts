// What the server says about itself. It needs no login, so it proves nothing about credentials.
import { jiraDate } from '../jira-date.ts';
import { noParameters, route } from '../route.ts';
import { serverInfo } from '../shapes/site.ts';

const getServerInfo = route({
  method: 'GET',
  path: '/serverInfo',
  query: noParameters,
  answers: { 200: serverInfo },
  handle: ({ site }) => ({
    status: 200,
    body: {
      baseUrl: site.url,
      displayUrl: site.url,
      version: '1001.0.0-SNAPSHOT',
      versionNumbers: [1001, 0, 0],
      deploymentType: 'Cloud',
      buildNumber: 100_300,
      buildDate: '2026-11-01T00:00:00.000+0000',
      serverTime: jiraDate(site.state.now()),
      serverTimeZone: 'Etc/UTC',
      scmInfo: '0000000000000000000000000000000000000000',
      serverTitle: 'Jira',
    },
  }),
});

export const serverInfoRoutes = [getServerInfo];
