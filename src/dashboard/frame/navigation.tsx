// The pages that have a place in the navigation, and how many proposals wait for a person.

import { state } from '../live.ts';
import { pageAt, pages } from '../pages.ts';
import { path } from '../router.ts';

export function Navigation() {
  const shown = pageAt(path.value);
  return (
    <nav class="navigation" aria-label="Pages">
      {pages.map(({ name, href }) =>
        href === undefined ? null : (
          <a
            key={href}
            href={href}
            aria-current={shown?.href === href ? 'page' : shown?.parent === href ? 'true' : undefined}
          >
            {name}
            {href === '/approvals' ? <Waiting /> : null}
          </a>
        ),
      )}
    </nav>
  );
}

function Waiting() {
  const count = state.value?.approvals_pending ?? 0;
  if (count === 0) return null;
  return (
    <>
      {' '}
      <span class="nav-count">
        {count}
        <span class="unseen"> waiting</span>
      </span>
    </>
  );
}
