// A source file as the tidy rules see it, and a finding as a person reads it. Sources come from the
// working tree or, in the rules' own tests, from memory: a rule never touches the disk.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Source {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  /** What is wrong and what to do, in one line. */
  readonly message: string;
}

export type Rule = (source: Source) => Finding[];

const codeFolders = ['src', 'adapters', 'test', 'scripts', 'bench', 'examples'];
const notOurs = new Set(['node_modules', 'dist', 'coverage', 'fixtures']);
const codeFile = /\.(?:[cm]?[jt]sx?)$/;

export function parse(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true) };
}

/** Every source file of the repository, in a stable order. */
export function readSources(root: string): Source[] {
  const found: string[] = readdirSync(root).filter((name) => codeFile.test(name));
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !notOurs.has(entry.name)) walk(path);
      if (entry.isFile() && codeFile.test(entry.name)) found.push(path);
    }
  };
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isDirectory() && codeFolders.includes(entry.name)) walk(entry.name);
  }
  return found.sort().map((path) => parse(path, readFileSync(join(root, path), 'utf8')));
}

export function finding(source: Source, position: number, rule: string, message: string): Finding {
  const line = source.tree.getLineAndCharacterOfPosition(position).line + 1;
  return { path: source.path, line, rule, message };
}

export function show({ path, line, rule, message }: Finding): string {
  return `${path}:${line}: ${rule}: ${message}`;
}

/** Calls `visit` on every node of the file, outermost first. */
export function eachNode(source: Source, visit: (node: ts.Node) => void): void {
  const walk = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, walk);
  };
  walk(source.tree);
}
