// What a program needs of the daemon's environment to reach the network from where it runs.

/** For `AgentRegistration.passEnv`. */
export const NETWORK_VARIABLES: readonly string[] = [
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
  'NODE_EXTRA_CA_CERTS',
];
