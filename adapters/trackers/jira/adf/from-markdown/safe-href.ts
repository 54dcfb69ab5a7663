// Which addresses may become links in somebody's Jira. An allow-list: a scheme that is spelt with references,
// spaces or control characters is simply not on it. What is not a link stays readable behind its text, except
// for schemes that run code, of which nothing is kept.

const allowed = /^(?:https?:\/\/|ftps?:\/\/|mailto:|tel:)[^\s]/i;
const runsCode = /^(?:javascript|data|vbscript):/i;
// eslint-disable-next-line no-control-regex -- browsers ignore them inside of a scheme, so they are taken out first
const ignoredInScheme = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]/g;

export type Href =
  | { readonly kind: 'link'; readonly href: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'dropped' };

export function judgeHref(written: string): Href {
  const href = written.trim().replace(/\s/g, '%20');
  if (allowed.test(href)) return { kind: 'link', href };
  if (runsCode.test(written.replace(ignoredInScheme, ''))) return { kind: 'dropped' };
  return { kind: 'text', text: written.trim() };
}
