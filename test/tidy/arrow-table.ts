// Who may import whom: the architecture as data. What is not written here is forbidden.
// `test/tidy.test.ts` holds the sources to it; change a row only together with an ADR in docs/decisions/.

export interface Row {
  /** Folders whose values and types may be imported; a trailing `*` stands for any one folder. */
  readonly from: readonly string[];
  /** Folders of which only types may be imported: nothing of them is there at run time. */
  readonly typesFrom?: readonly string[];
  /** npm packages; a trailing `*` is a prefix. */
  readonly packages: readonly string[];
  /** Node's own modules. */
  readonly node: boolean;
}

/** The folders that may import everything, and that nobody imports. */
export const compositionRoots = ['src/app.ts', 'src/app', 'src/main.ts', 'src/cli'];

const lineAgent: Row = {
  from: ['src/contract', 'src/process', 'adapters/agents/line-protocol'],
  packages: ['zod'],
  node: true,
};
/** What the agents share that are programs with JSON lines (docs/decisions/0014). */
const drivenAgent: Row = {
  from: ['src/contract', 'src/process', 'adapters/agents/driver'],
  packages: ['zod'],
  node: true,
};

export const arrows: Readonly<Record<string, Row>> = {
  'src/contract': { from: [], packages: ['zod'], node: false },
  'src/core': { from: [], typesFrom: ['src/contract'], packages: [], node: false },
  'src/workflow': {
    from: ['src/contract'],
    packages: ['gray-matter', 'yaml', 'zod', 'liquidjs'],
    node: true,
  },
  'src/process': { from: ['src/contract'], packages: [], node: true },
  'src/workspace': { from: ['src/contract', 'src/process'], packages: [], node: true },
  'src/worker': { from: ['src/contract', 'src/process', 'src/workspace'], packages: [], node: true },
  'src/store': { from: ['src/contract'], packages: ['kysely', '@photostructure/sqlite', 'pg'], node: true },
  'src/tools': { from: ['src/contract'], packages: ['zod', '@modelcontextprotocol/*'], node: true },
  'src/http': {
    from: ['src/contract'],
    packages: ['zod', 'fastify', '@fastify/*', 'fastify-type-provider-zod', 'csv-stringify'],
    node: true,
  },
  'src/notifications': { from: ['src/contract'], packages: ['undici'], node: true },
  'src/observations': { from: ['src/contract'], packages: [], node: true },
  'src/transcript': { from: ['src/contract'], packages: [], node: true },
  'src/telemetry': { from: ['src/contract'], packages: ['pino', 'prom-client'], node: true },
  'src/daemon': { from: ['src/contract', 'src/core'], packages: [], node: true },
  'src/dashboard': {
    from: [],
    typesFrom: ['src/contract'],
    packages: ['preact', '@preact/signals', 'uplot'],
    node: false,
  },
  adapters: {
    // The explicit list, and loading what `tracker.adapter` names.
    from: ['src/contract', 'adapters/trackers/*', 'adapters/agents/*'],
    packages: ['zod'],
    node: true,
  },
  'adapters/trackers/file': { from: ['src/contract'], packages: ['zod', 'jsonc-parser'], node: true },
  'adapters/trackers/jira': { from: ['src/contract'], packages: ['zod', 'undici', 'marked'], node: true },
  'adapters/trackers/*': { from: ['src/contract'], packages: ['zod'], node: true },
  // Two adapters for programs that print lines, and what they share (docs/decisions/0013).
  'adapters/agents/line-protocol': {
    from: ['src/contract', 'src/process', 'adapters/agents/driver'],
    packages: ['zod'],
    node: true,
  },
  'adapters/agents/command': lineAgent,
  // It calls tools as a model would (docs/decisions/0019).
  'adapters/agents/mock': { ...lineAgent, packages: ['zod', '@modelcontextprotocol/client'] },
  'adapters/agents/driver': { from: ['src/contract', 'src/process'], packages: ['zod'], node: true },
  'adapters/agents/claude-code': drivenAgent,
  'adapters/agents/codex': drivenAgent,
  'adapters/agents/opencode': drivenAgent,
  'adapters/agents/copilot-cli': drivenAgent,
  'adapters/agents/gemini-cli': drivenAgent,
  'adapters/agents/acp': { ...drivenAgent, packages: ['zod', '@agentclientprotocol/sdk'] },
  'adapters/agents/replay': drivenAgent,
  'adapters/agents/*': { from: ['src/contract', 'src/process'], packages: ['zod'], node: true },
};

/** The one path outside of these folders that a composition root, and only that, may import. */
export const packageFile = 'package.json';
