// The pages that have a place in the navigation.

import { pages } from '../pages.ts';
import { path } from '../router.ts';

export function Navigation() {
  return (
    <nav class="navigation" aria-label="Pages">
      {pages.map(({ name, href, matches }) =>
        href === undefined ? null : (
          <a key={href} href={href} aria-current={matches.test(path.value) ? 'page' : undefined}>
            {name}
          </a>
        ),
      )}
    </nav>
  );
}
