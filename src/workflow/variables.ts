// Where values come from besides the front matter: the real environment, then the .env file. An empty
// variable counts as unset in both. Remembers which names and values were secret, so that they can be
// kept from hooks and agents and out of logs.

import { homedir } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';
import type { SettingSource } from '../contract/settings.ts';
import type { EnvFile } from './env-file.ts';
import type { Environment } from './load-options.ts';
import { showPlace } from './workflow-error.ts';

export interface Variable {
  readonly value: string;
  /** For messages: `SORTIE_X in the environment`, or the place in the .env file. */
  readonly origin: string;
  /** The same for people who look at the settings in force. */
  readonly source: SettingSource;
  readonly place: string;
}

export interface Expanded {
  readonly value: string;
  /** Names that are not set or empty. */
  readonly missing: readonly string[];
}

const referenceAnywhere = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;
const referenceOnly = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))$/;

/** Shorter ones (`/hooks/alerts`) guard nothing, and to blot them out would spoil other lines. */
const SECRET_PATH_LENGTH = 16;

export class Variables {
  readonly secretNames = new Set<string>();
  readonly secretValues = new Set<string>();
  readonly #env: Environment;
  readonly #file: EnvFile;
  readonly #secretsMayLack: boolean;

  constructor(env: Environment, file: EnvFile, secretsMayLack = false) {
    this.#env = env;
    this.#file = file;
    this.#secretsMayLack = secretsMayLack;
  }

  /** To be kept from hooks, agents and logs. The path of a web address is what makes it a secret. */
  addSecret(value: string): void {
    if (value === '') return;
    this.secretValues.add(value);
    if (!/^https?:/i.test(value) || !URL.canParse(value)) return;
    const { pathname, search } = new URL(value);
    if (pathname.length + search.length >= SECRET_PATH_LENGTH) this.secretValues.add(pathname + search);
  }

  get(name: string): Variable | null {
    const real = Object.hasOwn(this.#env, name) ? this.#env[name] : undefined;
    if (real !== undefined && real !== '') {
      return { value: real, origin: `${name} in the environment`, source: 'environment', place: name };
    }
    const filed = this.#file.values.get(name);
    if (filed === undefined || filed.value === '') return null;
    const { path, line } = { path: this.#file.path ?? '', line: filed.line };
    return {
      value: filed.value,
      origin: `${showPlace({ path, line })}: ${name}`,
      source: 'env_file',
      place: showPlace({ path: basename(path), line }),
    };
  }

  /** `$NAME` and `${NAME}` wherever they stand. */
  expandAnywhere(text: string, isSecret: (name: string) => boolean = () => false): Expanded {
    const missing: string[] = [];
    const value = text.replace(referenceAnywhere, (_, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      const found = this.get(name);
      if (isSecret(name)) {
        this.secretNames.add(name);
        if (found) this.secretValues.add(found.value);
      }
      if (!found && this.#secretsMayLack && isSecret(name)) return standIn(name);
      if (!found) missing.push(name);
      return found?.value ?? '';
    });
    return { value, missing };
  }

  /** Only when the whole text is one reference. */
  expandWhole(text: string): Expanded {
    return referenceOnly.test(text.trim()) ? this.expandAnywhere(text.trim()) : { value: text, missing: [] };
  }

  /** `~`, `$NAME`, and relative to `directory`. Answers an absolute path. */
  expandPath(text: string, directory: string, fromFrontMatter: boolean): Expanded {
    const { value, missing } = fromFrontMatter ? this.expandAnywhere(text) : { value: text, missing: [] };
    return { value: value === '' ? '' : resolve(directory, this.#fromHome(value)), missing };
  }

  #fromHome(path: string): string {
    if (path !== '~' && !path.startsWith('~/')) return path;
    const home = this.get('HOME')?.value ?? homedir();
    return isAbsolute(home) ? join(home, path.slice(1)) : path;
  }
}

/** Each another, and fit for whatever a secret has to look like: a token, or the address of a hook. */
function standIn(name: string): string {
  return `https://not-set.invalid/${name}`;
}

/** Names the variable, and says what to do about it. */
export function missingText(key: string, names: readonly string[]): string {
  const list = [...new Set(names)].map((name) => `$${name}`).join(', ');
  const verb = new Set(names).size === 1 ? 'is' : 'are';
  return `${key} refers to ${list}, which ${verb} not set or empty; set it in the environment or, when its name begins with SORTIE_, in the .env file`;
}
