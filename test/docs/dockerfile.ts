// Reads a Dockerfile into stages and performs its COPY and RUN steps in a scratch folder, one folder a stage,
// for machines that have no container engine. Only `npm` commands are really run; apt and ownership touch
// the machine itself, so they are noted as substituted, and a command that is not known here is an error.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { promisify } from 'node:util';
import { npmEnvironment } from './npm-environment.ts';

const run = promisify(execFile);

export interface Step {
  readonly instruction: string;
  readonly rest: string;
}

export interface Stage {
  readonly image: string;
  readonly name: string;
  readonly steps: readonly Step[];
}

export function readDockerfile(text: string): Stage[] {
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  const stages: { image: string; name: string; steps: Step[] }[] = [];
  for (const line of lines.filter((candidate) => candidate.trim() !== '')) {
    const [instruction = '', ...words] = line.trim().split(/\s+/);
    if (instruction === 'FROM') {
      stages.push({ image: words[0] ?? '', name: words[2] ?? String(stages.length), steps: [] });
    } else stages.at(-1)?.steps.push({ instruction, rest: words.join(' ') });
  }
  return stages;
}

export function commandsOf(stages: readonly Stage[]): string[] {
  const runs = stages.flatMap(({ steps }) => steps.filter(({ instruction }) => instruction === 'RUN'));
  return runs.flatMap(({ rest }) => rest.split(' && ').map((command) => command.trim()));
}

export function packagesOf(stages: readonly Stage[]): string[] {
  const installs = commandsOf(stages).filter((command) => command.startsWith('apt-get install '));
  return installs.flatMap((command) =>
    command
      .split(' ')
      .slice(2)
      .filter((word) => !word.startsWith('-')),
  );
}

export interface Build {
  /** The last stage's root: `/app/x` of the image is `<root>/app/x`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** What was done in place of the real thing, for people to read. */
  readonly substituted: readonly string[];
}

export async function build(stages: readonly Stage[], context: string, scratch: string): Promise<Build> {
  const ignored = await ignoreRules(context);
  const substituted: string[] = [];
  const roots = new Map<string, string>();
  let last: Build = { root: scratch, env: {}, substituted };
  for (const stage of stages) {
    const root = join(scratch, stage.name);
    const env: Record<string, string> = {};
    let folder = '/';
    roots.set(stage.name, root);
    await mkdir(root, { recursive: true });
    substituted.push(`${stage.image}: Node ${process.version} of this machine`);
    const inside = (path: string): string => join(root, posix.resolve(folder, path));
    for (const { instruction, rest } of stage.steps) {
      if (instruction === 'WORKDIR') {
        folder = posix.resolve(folder, rest);
        await mkdir(inside('.'), { recursive: true });
      } else if (instruction === 'ENV') {
        for (const pair of rest.split(' '))
          env[pair.split('=', 1)[0] ?? ''] = pair.slice(pair.indexOf('=') + 1);
      } else if (instruction === 'COPY') {
        const words = rest.split(' ');
        const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
        const origin = from === undefined ? context : roots.get(from);
        if (origin === undefined) throw new Error(`COPY from an unknown stage: ${rest}`);
        await copy(words, origin, inside, from === undefined ? ignored : () => false);
      } else if (instruction === 'RUN') {
        for (const command of rest.split(' && '))
          await perform(command.trim(), context, inside, env, substituted);
      }
    }
    last = { root, env, substituted };
  }
  return last;
}

async function copy(
  words: readonly string[],
  origin: string,
  inside: (path: string) => string,
  ignored: (path: string) => boolean,
): Promise<void> {
  const target = words.at(-1) ?? '.';
  for (const word of words.slice(0, -1)) {
    const source = join(origin, word);
    // A folder's contents are copied, a file goes into a target that ends with a slash.
    const intoFolder = !(await stat(source)).isDirectory() && target.endsWith('/');
    await cp(source, inside(intoFolder ? posix.join(target, posix.basename(word)) : target), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !ignored(relative(origin, path)),
    });
  }
}

async function perform(
  command: string,
  context: string,
  inside: (path: string) => string,
  env: Readonly<Record<string, string>>,
  substituted: string[],
): Promise<void> {
  const [program = '', ...args] = command.split(/\s+/);
  if (program === 'apt-get' || command === 'rm -rf /var/lib/apt/lists/*') {
    substituted.push(`${command}: not run`);
  } else if (program === 'install' && args[0] === '-d') {
    await mkdir(inside(args.at(-1) ?? '.'), { recursive: true });
    substituted.push(`${command}: made, owned by whoever runs the tests`);
  } else if (program === 'ln' && args[0] === '-s') {
    const [, target = '', link = ''] = args;
    await mkdir(dirname(inside(link)), { recursive: true });
    await symlink(inside(target), inside(link));
    substituted.push(`${command}: made within the scratch folder`);
  } else if (program === 'npm') {
    const options = { cwd: inside('.'), env: { ...npmEnvironment(), ...env }, maxBuffer: 64 << 20 };
    try {
      await run(program, args, options);
    } catch (error) {
      if (args[0] !== 'ci' || !/ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN|ENOTCACHED/.test(String(error)))
        throw error;
      await cp(join(context, 'node_modules'), inside('node_modules'), {
        recursive: true,
        verbatimSymlinks: true,
      });
      substituted.push(`${command}: the registry is out of reach, node_modules of this clone copied`);
    }
  } else throw new Error(`test/docs/dockerfile.ts does not know how to do without a container: ${command}`);
}

/** The part of .dockerignore's language that ours uses: names, `*` inside of a name, and a leading `**`. */
export async function ignoreRules(context: string): Promise<(path: string) => boolean> {
  const text = await readFile(join(context, '.dockerignore'), 'utf8');
  const patterns = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const expressions = patterns.map((pattern) => {
    const body = pattern
      .replaceAll('.', '\\.')
      .replaceAll('**/', '(?:.*/)?')
      .replaceAll(/(?<![.)])\*/g, '[^/]*');
    return new RegExp(`^${body}(?:/|$)`);
  });
  return (path) => expressions.some((expression) => expression.test(path));
}
