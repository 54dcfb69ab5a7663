// What the daemon has for programs.

import { Section } from '../ui/section.tsx';

const links: readonly (readonly [href: string, name: string, what: string])[] = [
  ['/metrics', 'Metrics', 'for Prometheus'],
  ['/api/v1/openapi.json', 'OpenAPI', 'every route and answer of the API'],
  ['/api/v1/state', 'State', 'what this page shows, as JSON'],
  ['/readyz', 'Readiness', 'the checks, as a probe reads them'],
  ['/livez', 'Liveness', 'that the process answers'],
];

export function Links() {
  return (
    <Section title="For programs">
      <ul class="links">
        {links.map(([href, name, what]) => (
          <li key={href}>
            <a href={href}>{name}</a> <span class="soft">{what}</span>
          </li>
        ))}
      </ul>
      <p class="soft">
        On a terminal: <code>sortie status --watch</code>
      </p>
    </Section>
  );
}
