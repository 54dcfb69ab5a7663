// Rule `arrow`: an import must be one that the table allows. Type-only imports count like any other,
// except where the table says "types only". Dynamic imports, `import('…')` types and re-exports count too.
import { posix } from 'node:path';
import ts from 'typescript';
import { arrows, compositionRoots, packageFile, type Row } from './arrow-table.ts';
import { eachNode, finding, type Finding, type Source } from './source.ts';

interface Import {
  readonly specifier: string;
  readonly typesOnly: boolean;
  readonly position: number;
}

export function checkArrows(source: Source): Finding[] {
  if (!/^(?:src|adapters)\//.test(source.path)) return [];
  const zone = zoneOf(source.path);
  if (isRoot(zone)) return [];
  const row = rowOf(zone);
  const at = (position: number, message: string): Finding => finding(source, position, 'arrow', message);
  if (!row) {
    const todo = 'add it, with its arrows and an ADR, or move the file';
    return [at(0, `${zone} is not a folder that test/tidy/arrow-table.ts knows: ${todo}`)];
  }
  return importsOf(source).flatMap((found) => {
    const problem = judge(source.path, zone, row, found);
    return problem === null ? [] : [at(found.position, problem)];
  });
}

function judge(path: string, zone: string, row: Row, { specifier, typesOnly }: Import): string | null {
  if (specifier.startsWith('node:')) {
    if (row.node) return null;
    return `${zone} may not import ${specifier}: it does no I/O; take what it needs as an argument`;
  }
  if (!specifier.startsWith('.')) {
    const name = packageName(specifier);
    if (row.packages.some((allowed) => matches(allowed, name))) return null;
    const may = row.packages.length === 0 ? 'no package' : `only ${row.packages.join(', ')}`;
    return `${zone} may not import the package ${name} (${may}): put it behind a port, or hand it in`;
  }
  const target = posix.join(posix.dirname(path), specifier);
  if (target === packageFile) return `${zone} may not import ${packageFile}: take the version as an argument`;
  const to = zoneOf(target);
  if (to === zone || row.from.some((allowed) => matches(allowed, to))) return null;
  if (row.typesFrom?.includes(to)) {
    if (typesOnly) return null;
    return `${zone} may import only types from ${to}: write \`import type\`, or take the value as an argument`;
  }
  if (isRoot(to)) return `nobody imports ${to}: move what is shared to the folder that owns it`;
  if (zone.startsWith('adapters/') && to.startsWith('adapters/')) {
    return `adapters never import each other (${zone} → ${to}): move what they share behind the contract`;
  }
  const may = [...row.from, ...(row.typesFrom ?? [])].join(', ') || 'nothing';
  return `${zone} may not import ${to} (allowed: ${may}): turn the call into an argument or an event`;
}

/** `src/core`, `adapters/trackers/file`, `adapters` (its index), or a composition root. */
function zoneOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'src') return parts.slice(0, 2).join('/');
  if (parts[0] === 'adapters') return parts.length === 2 ? 'adapters' : parts.slice(0, 3).join('/');
  return parts[0] ?? path;
}

function isRoot(zone: string): boolean {
  return compositionRoots.includes(zone);
}

function rowOf(zone: string): Row | undefined {
  const name = Object.keys(arrows).find((key) => key === zone || matches(key, zone));
  return name === undefined ? undefined : arrows[name];
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  const add = (literal: ts.Node | undefined, typesOnly: boolean): void => {
    if (!literal || !ts.isStringLiteralLike(literal)) return;
    found.push({ specifier: literal.text, typesOnly, position: literal.getStart(source.tree) });
  };
  eachNode(source, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && loadsModule(node.expression)) add(node.arguments[0], false);
  });
  return found;
}

function loadsModule(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

/** Only `import type` vanishes: `import { type X }` still loads the module (verbatimModuleSyntax). */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}
