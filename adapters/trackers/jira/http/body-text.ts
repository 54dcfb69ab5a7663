// What the body of a failed request says, as one line that is safe to show: without markup, control characters and
// secrets, and at most 512 bytes long (seed). Jira's sentences are in the account's language: they are for people,
// and nothing is decided by them.

/** The seed's limit. */
const detailLimitBytes = 512;
/** Pages of errors are long and say what they say at the top. */
const markupLimit = 16_384;

/** "" when it says nothing. `secrets` are replaced wherever they stand, longest first. */
export function textOfBody(body: Buffer, secrets: readonly string[]): string {
  const text = redact(new TextDecoder().decode(body), secrets);
  return oneLine(messageIn(text) ?? text, secrets);
}

/** Any foreign text (also a header's value) made fit to be shown. */
export function oneLine(text: string, secrets: readonly string[], limitBytes = detailLimitBytes): string {
  const plain = withoutMarkup(text)
    // Control characters, line separators, and marks that turn the direction of the text.
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return cut(redact(plain, secrets), limitBytes);
}

export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '[redacted]')),
    text,
  );
}

/** Jira's own shape (`errorMessages`, `errors`), problem+json (`detail`), and what the gateway says (`message`). */
function messageIn(text: string): string | null {
  if (!/^\s*[{[]/.test(text)) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isMap(value)) return null;
  const parts = [...textsIn(value['errorMessages']), ...fieldErrors(value['errors'])];
  for (const key of ['detail', 'message', 'error_description', 'title', 'error']) {
    if (parts.length > 0) break;
    parts.push(...textsIn(value[key]));
  }
  return parts.length === 0 ? null : parts.join('; ');
}

function fieldErrors(errors: unknown): string[] {
  if (Array.isArray(errors))
    return textsIn(errors.map((one: unknown) => (isMap(one) ? one['message'] : one)));
  if (!isMap(errors)) return [];
  return Object.entries(errors).flatMap(([field, value]) =>
    textsIn(value).map((text) => `${field}: ${text}`),
  );
}

function textsIn(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one): one is string => typeof one === 'string' && one.trim() !== '');
}

function withoutMarkup(text: string): string {
  const top = text.slice(0, markupLimit);
  if (!/<[a-z!/]/i.test(top)) return top;
  return top
    .replace(/<(script|style|svg)\b[^]*?<\/\1\s*>/gi, ' ')
    .replace(/<!--[^]*?-->/g, ' ')
    .replace(/<[a-z!/][^<>]*>/gi, ' ')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => entities[name] ?? ' ');
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  '#39': "'",
};

function cut(text: string, limitBytes: number): string {
  if (Buffer.byteLength(text) <= limitBytes) return text;
  const ellipsis = '…';
  let end = 0;
  let size = Buffer.byteLength(ellipsis);
  for (const char of text) {
    size += Buffer.byteLength(char);
    if (size > limitBytes) break;
    end += char.length;
  }
  return text.slice(0, end) + ellipsis;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
