// Rules for src/core: `pure` (no clock, timer, randomness, I/O, promises, locale or hidden state: the same
// events always give the same effects) and `core-size` (a file that decides stays short enough to hold in
// the head). A name is judged where it is used as a value; a property called `process` is no concern.
import ts from 'typescript';
import { eachNode, finding, type Finding, type Source } from './source.ts';

const lineLimit = 300;

const timeArrives = 'time arrives with the event as `atMs`';
const dataArrives = 'it arrives as data in an event';
const anEffect = 'return an effect and let the daemon do it';

const bannedNames: Readonly<Record<string, string>> = {
  performance: timeArrives,
  setTimeout: anEffect,
  setInterval: anEffect,
  setImmediate: anEffect,
  queueMicrotask: anEffect,
  crypto: dataArrives,
  process: dataArrives,
  globalThis: dataArrives,
  console: 'the core does not log: its effects are the log',
  fetch: anEffect,
  require: 'hand in what is needed as an argument',
  Promise: 'a step is synchronous; an answer comes back as an event',
  Intl: 'it depends on the locale of the host',
  eval: 'nothing is evaluated',
};

const bannedMembers: Readonly<Record<string, string>> = {
  'Date.now': timeArrives,
  'Math.random': dataArrives,
};

const localeMethod = /^(?:localeCompare|toLocale\w*)$/;

export function checkCorePurity(source: Source): Finding[] {
  if (!source.path.startsWith('src/core/')) return [];
  const findings = hiddenState(source);
  const at = (node: ts.Node, name: string, todo: string): void => {
    findings.push(finding(source, node.getStart(source.tree), 'pure', `the core has no ${name}: ${todo}`));
  };
  eachNode(source, (node) => {
    if (ts.isPropertyAccessExpression(node)) {
      const name = `${node.expression.getText(source.tree)}.${node.name.text}`;
      const todo = bannedMembers[name];
      if (todo !== undefined) at(node, name, todo);
      if (localeMethod.test(node.name.text)) at(node.name, node.name.text, 'compare by code unit (<, >)');
    } else if (readsTheClock(node)) at(node, 'new Date() without an argument', timeArrives);
    else if (ts.isAwaitExpression(node)) at(node, 'await', anEffect);
    else if (ts.isIdentifier(node) && isReference(node)) {
      const todo = Object.hasOwn(bannedNames, node.text) ? bannedNames[node.text] : undefined;
      if (todo !== undefined) at(node, node.text, todo);
    }
  });
  return findings;
}

export function checkCoreSize(source: Source): Finding[] {
  if (!source.path.startsWith('src/core/')) return [];
  const lines = source.text.split('\n').length - (source.text.endsWith('\n') ? 1 : 0);
  if (lines <= lineLimit) return [];
  const message = `${lines} lines, at most ${lineLimit}: split it by the question it answers`;
  return [finding(source, source.text.length - 1, 'core-size', message)];
}

function hiddenState(source: Source): Finding[] {
  return source.tree.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement) || statement.declarationList.flags & ts.NodeFlags.Const) return [];
    const message = 'a module-level variable is hidden state: keep it in the state that step is given';
    return [finding(source, statement.getStart(source.tree), 'pure', message)];
  });
}

function readsTheClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return isDate(node.expression) && (node.arguments?.length ?? 0) === 0;
  return ts.isCallExpression(node) && isDate(node.expression);
}

function isDate(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && node.text === 'Date';
}

/** False where the identifier only names a property: `a.process`, `{ process: 1 }`, `process: string`. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) {
    return (ts.isPropertyAccessExpression(parent) ? parent.expression : parent.left) === node;
  }
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) {
    return ts.isPropertyAssignment(parent) ? parent.name !== node : parent.propertyName !== node;
  }
  return !ts.isPropertySignature(parent) && !ts.isMethodSignature(parent) && !ts.isLiteralTypeNode(parent);
}
