// The pages: path, name and module, one line each. A page's module exports `Page`, a component without
// properties that reads what it needs from the router and the signals. Each is loaded when it is first opened.

import type { ComponentType } from 'preact';

export interface PageEntry {
  readonly matches: RegExp;
  /** Of the document's title and, with `href`, of the navigation. */
  readonly name: string;
  readonly href?: string;
  /** After `g`. */
  readonly key?: string;
  /** The page of the navigation that it belongs to. */
  readonly parent?: string;
  readonly load: () => Promise<{ readonly Page: ComponentType }>;
}

export const pages: readonly PageEntry[] = [
  { matches: /^\/$/, name: 'Now', href: '/', key: 'n', load: () => import('./now/page.tsx') },
  {
    matches: /^\/approvals\/?$/,
    name: 'Approvals',
    href: '/approvals',
    key: 'a',
    load: () => import('./approvals/page.tsx'),
  },
  {
    matches: /^\/history\/?$/,
    name: 'History',
    href: '/history',
    key: 'h',
    load: () => import('./history/page.tsx'),
  },
  {
    matches: /^\/charts\/?$/,
    name: 'Charts',
    href: '/charts',
    key: 'c',
    load: () => import('./charts/page.tsx'),
  },
  {
    matches: /^\/health\/?$/,
    name: 'Health',
    href: '/health',
    key: 'e',
    load: () => import('./health/page.tsx'),
  },
  { matches: /^\/issues\/[^/]+\/?$/, name: 'Issue', load: () => import('./issue/page.tsx') },
  {
    matches: /^\/approvals\/[^/]+\/?$/,
    name: 'Proposal',
    parent: '/approvals',
    load: () => import('./approvals/proposal-page.tsx'),
  },
  {
    matches: /^\/tools\/?$/,
    name: 'What agents may do',
    parent: '/approvals',
    load: () => import('./tools/page.tsx'),
  },
  { matches: /^\/login$/, name: 'Sign in', load: () => import('./login/page.tsx') },
];

export function pageAt(pathname: string): PageEntry | undefined {
  return pages.find(({ matches }) => matches.test(pathname));
}
