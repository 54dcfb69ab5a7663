// Takes what is dangerous out of a value that somebody else wrote as Jira's own JSON (a document for a custom field):
// the addresses of its links, cards and pictures are held to the same list as those of Markdown. A link loses its mark
// and keeps its text, a card becomes text, any other address is emptied. Everything else stays as it was.
import { judgeHref } from './from-markdown/safe-href.ts';

/** Deeper than Jira takes a document. What lies deeper is left out. */
const depthLimit = 200;
const cards: ReadonlySet<unknown> = new Set(['inlineCard', 'blockCard', 'embedCard']);
/** Attributes that hold addresses, by whatever node or mark. */
const addresses: ReadonlySet<string> = new Set(['href', 'url', '@id']);

export function defuse(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > depthLimit) return null;
  if (Array.isArray(value)) {
    return value.filter((one) => !isBadLink(one)).map((one) => defuse(one, depth + 1));
  }
  if (isBadCard(value)) return textInPlaceOf(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'attrs') return [name, withoutAddresses(inner, depth + 1)];
      return [name, defuse(inner, depth + 1)];
    }),
  );
}

function isBadLink(value: unknown): boolean {
  return isObject(value) && value['type'] === 'link' && isBad(addressOf(value));
}

function isBadCard(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && cards.has(value['type']) && isBad(addressOf(value));
}

function textInPlaceOf(card: Readonly<Record<string, unknown>>): object {
  const address = addressOf(card);
  const text = { type: 'text', text: typeof address === 'string' && address !== '' ? address : '?' };
  return card['type'] === 'inlineCard' ? text : { type: 'paragraph', content: [text] };
}

function addressOf({ attrs }: Readonly<Record<string, unknown>>): unknown {
  if (!isObject(attrs)) return undefined;
  return attrs['href'] ?? attrs['url'];
}

/** Also below: a card without an address may have it in its `data`. */
function withoutAddresses(attrs: unknown, depth: number): unknown {
  if (typeof attrs !== 'object' || attrs === null) return attrs;
  if (depth > depthLimit) return null;
  if (Array.isArray(attrs)) return attrs.map((one) => withoutAddresses(one, depth + 1));
  return Object.fromEntries(
    Object.entries(attrs).map(([name, value]) => [
      name,
      addresses.has(name) && isBad(value) ? '' : withoutAddresses(value, depth + 1),
    ]),
  );
}

/** Anything but text in the place of an address is none that can be judged. */
function isBad(address: unknown): boolean {
  return address !== undefined && (typeof address !== 'string' || judgeHref(address).kind !== 'link');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
