// Programmers' mistakes only; kept on in production. The world's failures come in as events.

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}
