// JSON with comments, as the CLI's settings files may have it: comments become blanks, nothing else is forgiven.

/** null when the text is no JSON object. */
export function parseCommentedJson(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(withoutComments(text.replace(/^\ufeff/, '')));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** A string is matched whole, so that what looks like a comment inside of it stays. */
const STRING_OR_COMMENT = /"(?:[^"\\]|\\[^])*"|\/\/[^\n]*|\/\*[^]*?\*\//g;

function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : ' '));
}

/** An object that is no array. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
