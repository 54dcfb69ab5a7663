// Takes known secrets out of every text and name of a JSON value, before anything else is done with it: what an agent
// was tricked into sending is then neither stored nor shown nor written to the tracker. Only for measured values.

type Redact = (text: string) => string;

export function redactJson<Value>(value: Value, redact: Redact): Value {
  return walk(value, redact) as Value;
}

function walk(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((one) => walk(one, redact));
  if (typeof value !== 'object' || value === null) return value;
  // fromEntries defines fields of its own, `__proto__` too: nothing is inherited from what was sent.
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [redact(name), walk(inner, redact)]),
  );
}
