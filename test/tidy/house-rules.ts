// The habits of the house that a tool can hold: names, opening comments, TODOs with an issue, erasable
// syntax, named exports, and tests that neither hide others nor skip without saying why.
import ts from 'typescript';
import { eachNode, finding, type Finding, type Rule, type Source } from './source.ts';

const bannedWord = /^(?:utils?|helpers?|managers?|services?)$/;
/** Empty as a whole name; `setting-types` says whose. */
const bannedName = /^(?:common|types?)$/;
const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|live|config|d))*\.[cm]?[jt]sx?$/;
const toolDemandsDefault = [/(?:^|\/)[^/]+\.config\.[jt]s$/, /^test\/reporter\//, /^examples\//];
const openTask = /\b(?:TODO|FIXME)\b(?!.*#\d+)/;
const testFunction = /^(?:it|test|describe|suite|bench)$/;

export const checkFileName: Rule = (source) => {
  const parts = source.path.split('/');
  const file = parts.at(-1) ?? '';
  const findings: Finding[] = [];
  const names = parts.map((part) => part.split('.', 1)[0] ?? '');
  const words = names.flatMap((name) => name.split('-'));
  const word = names.find((name) => bannedName.test(name)) ?? words.find((part) => bannedWord.test(part));
  if (word !== undefined) {
    const message = `"${word}" says nothing about the contents: name the one job that the file has`;
    findings.push(finding(source, 0, 'file-name', message));
  }
  if (!kebabCase.test(file)) {
    findings.push(finding(source, 0, 'file-name', `${file} is not kebab-case: write lower-case-with-dashes`));
  }
  return findings;
};

export const checkOpeningComment: Rule = (source) => {
  const text = source.text.replace(/^#!.*\n/, '').trimStart();
  if (text.startsWith('//') || text.startsWith('/*')) return [];
  const message = 'no opening comment: say in 2 to 6 lines what it is for and what it refuses to do';
  return [finding(source, 0, 'opening-comment', message)];
};

export const checkOpenTasks: Rule = (source) =>
  commentsOf(source).flatMap(({ text, position }) => {
    const found = openTask.exec(text);
    if (!found) return [];
    const message = `${found[0]} without an issue number: write it as "${found[0]}(#12): …", or do it now`;
    return [finding(source, position + found.index, 'open-task', message)];
  });

export const checkErasable: Rule = (source) => {
  const findings: Finding[] = [];
  const at = (node: ts.Node, message: string): void => {
    findings.push(finding(source, node.getStart(source.tree), 'erasable', message));
  };
  eachNode(source, (node) => {
    if (ts.isEnumDeclaration(node)) at(node, 'no enums: write a union of string literals');
    if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) && node.name.text !== 'global') {
      at(node, 'no namespaces: a file is a module already');
    }
  });
  return findings;
};

export const checkNamedExports: Rule = (source) => {
  if (toolDemandsDefault.some((path) => path.test(source.path))) return [];
  const findings: Finding[] = [];
  eachNode(source, (node) => {
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    const byModifier = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    const byName = ts.isExportSpecifier(node) && node.name.text === 'default';
    if (!byModifier && !byName && !ts.isExportAssignment(node)) return;
    const message = 'no default export: a named one is found by search and keeps its name';
    findings.push(finding(source, node.getStart(source.tree), 'named-export', message));
  });
  return findings;
};

export const checkTestsRun: Rule = (source) => {
  if (!source.path.startsWith('test/')) return [];
  const findings: Finding[] = [];
  eachNode(source, (node) => {
    if (!ts.isPropertyAccessExpression(node)) return;
    const { name, expression } = node;
    const onTest = testFunction.test(expression.getText(source.tree).split(/[.(]/, 1)[0] ?? '');
    const at = (message: string): void => {
      findings.push(finding(source, name.getStart(source.tree), 'tests-run', message));
    };
    if (onTest && name.text === 'only') at('.only hides every other test: remove it');
    if (onTest && /^(?:skip|skipIf|runIf|todo)$/.test(name.text)) {
      at(`.${name.text} cannot say why: call ctx.skip(condition, 'reason') inside of the test`);
    } else if (name.text === 'skip' && skipsInSilence(node.parent)) {
      at("skip without a reason: write ctx.skip('reason') or ctx.skip(condition, 'reason')");
    }
  });
  return findings;
};

/** `ctx.skip()` and `ctx.skip(condition)`; a lone identifier passes, since it may hold the reason. */
function skipsInSilence(call: ts.Node): boolean {
  if (!ts.isCallExpression(call)) return false;
  const [first, second] = call.arguments;
  if (second) return false;
  if (!first) return true;
  const isCondition = ts.isPrefixUnaryExpression(first) || ts.isBinaryExpression(first);
  return isCondition || first.kind === ts.SyntaxKind.TrueKeyword || first.kind === ts.SyntaxKind.FalseKeyword;
}

function commentsOf(source: Source): { text: string; position: number }[] {
  const found = new Map<number, string>();
  const take = (from: number, to: number): void => void found.set(from, source.text.slice(from, to));
  const walk = (node: ts.Node): void => {
    // JSX is not used here, so the text before a token and after it holds only space and comments.
    ts.forEachLeadingCommentRange(source.text, node.pos, take);
    ts.forEachTrailingCommentRange(source.text, node.end, take);
    for (const child of node.getChildren(source.tree)) walk(child);
  };
  walk(source.tree);
  return [...found].flatMap(([start, text]) => {
    let position = start;
    return text.split('\n').map((line) => {
      const here = { text: line, position };
      position += line.length + 1;
      return here;
    });
  });
}
