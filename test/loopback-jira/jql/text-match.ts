// The `~` operator: words in any order and any casing, `word*` for a beginning, "\"a phrase\"" for words in
// sequence. Real Jira also stems words; this does not, so a match here is a match there, not the other way.

export function textMatcher(wanted: string): (text: string) => boolean {
  const phrases = [...wanted.matchAll(/"([^"]*)"/g)].map(([, phrase]) => wordsOf(phrase ?? ''));
  const loose = wanted.replace(/"[^"]*"/g, ' ').toLowerCase();
  const beginnings = [...loose.matchAll(/([\p{L}\p{N}_]+)\*/gu)].map(([, word]) => word ?? '');
  const words = wordsOf(loose.replace(/[\p{L}\p{N}_]+\*/gu, ' '));
  return (text) => {
    const found = wordsOf(text);
    const all = new Set(found);
    return (
      words.every((word) => all.has(word)) &&
      beginnings.every((start) => found.some((word) => word.startsWith(start))) &&
      phrases.every((phrase) => ` ${found.join(' ')} `.includes(` ${phrase.join(' ')} `))
    );
  };
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/** All text inside a document, for searching only. */
export function textInside(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const { text, content } = node as { text?: unknown; content?: unknown };
  const own = typeof text === 'string' ? text : '';
  return Array.isArray(content) ? `${own} ${content.map(textInside).join(' ')}` : own;
}
