// Whether agents are given tools, where these are served, and in which projects they may be used.

import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import type { Tools } from '../wire-tools.ts';

export interface StandingProps {
  readonly tools: Tools;
  /** The setting `tracker.project`: "" = not set, null = not known. */
  readonly trackerProject: string | null;
}

export function Standing({ tools, trackerProject }: StandingProps) {
  return (
    <>
      <Section title="Tools">
        <Switch {...tools} />
      </Section>
      <Section title="Projects">
        <Scope projects={tools.projects} trackerProject={trackerProject} />
        <p class="soft">
          Anything outside is refused, whatever the rules say. The issue that a run works on is always inside.
        </p>
      </Section>
    </>
  );
}

function Switch({ enabled, url }: Pick<Tools, 'enabled' | 'url'>) {
  if (!enabled) {
    return (
      <>
        <p>
          <Badge>Off</Badge> <span class="soft">by tools.enabled</span>
        </p>
        <p class="soft">
          Runs that begin now are given no tools. The rules hold once it is switched on again.
        </p>
      </>
    );
  }
  if (url === null) {
    return (
      <>
        <p>
          <Badge tone="warn">On, but not served</Badge>
        </p>
        <p class="soft">
          The daemon has no port for them: it was started with tools switched off, or the log says why.
          Restart it.
        </p>
      </>
    );
  }
  return (
    <>
      <p>
        <Badge tone="good">On</Badge> <span class="soft">at</span> <Text text={url} lines={0} class="mono" />
      </p>
      <p class="soft">
        Only agents reach it: each run has a token of its own, which is dead when the run ends.
      </p>
    </>
  );
}

function Scope({
  projects,
  trackerProject,
}: Omit<StandingProps, 'tools'> & { readonly projects: readonly string[] }) {
  if (projects.includes('*')) {
    return (
      <p>
        All that the tracker’s account can see <span class="soft">(tools.projects has *)</span>
      </p>
    );
  }
  if (projects.length > 0) {
    return (
      <ul class="project-keys">
        {projects.map((key) => (
          <li key={key}>
            <Text text={key} lines={0} class="mono rule-value" />
          </li>
        ))}
      </ul>
    );
  }
  if (trackerProject === null || trackerProject === '') {
    return (
      <p>
        {trackerProject === null
          ? 'That of tracker.project; all, where none is set.'
          : 'All: neither tools.projects nor tracker.project is set.'}
      </p>
    );
  }
  return (
    <p>
      <Text text={trackerProject} lines={0} class="mono rule-value" />{' '}
      <span class="soft">(tracker.project)</span>
    </p>
  );
}
