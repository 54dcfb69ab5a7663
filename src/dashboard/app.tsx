// Which page is shown. Its module is loaded when it is first opened; until it is there the page before stays.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { Frame } from './frame/frame.tsx';
import { state } from './live.ts';
import { pageAt, type PageEntry } from './pages.ts';
import { identifierOf, path } from './router.ts';
import { Empty, Failure } from './ui/section.tsx';
import { visibleText } from './visible-text.ts';

interface Loaded {
  readonly entry: PageEntry;
  readonly Page: ComponentType;
}

export function App() {
  const entry = pageAt(path.value);
  const loaded = useSignal<Loaded | null>(null);
  const error = useSignal('');
  useEffect(() => {
    if (entry === undefined) return undefined;
    let wanted = true;
    error.value = '';
    entry
      .load()
      .then(({ Page }) => {
        if (wanted) loaded.value = { entry, Page };
      })
      .catch(() => {
        if (wanted)
          error.value = 'This page could not be loaded. The daemon may have been updated: load it anew.';
      });
    return () => {
      wanted = false;
    };
  }, [entry]);
  useTitle(entry);
  const shown = loaded.value;
  if (path.value === '/login') return shown?.entry === entry && shown !== null ? <Shown {...shown} /> : null;
  return (
    <Frame>
      <Failure error={error.value} retry={() => location.reload()} />
      {entry === undefined ? <Nowhere /> : shown === null ? null : <Shown {...shown} />}
    </Frame>
  );
}

/** Drawn anew for each issue and each proposal: nothing of one is left on the page of another. */
function Shown({ entry, Page }: Loaded) {
  return <Page key={entry.href === undefined ? path.value : entry.name} />;
}

function Nowhere() {
  return (
    <Empty>
      There is no such page. <a href="/">See what is going on now.</a>
    </Empty>
  );
}

function useTitle(entry: PageEntry | undefined): void {
  const running = state.value?.counts.running ?? 0;
  const waiting = state.value?.approvals_pending ?? 0;
  const name = visibleText(identifierOf(path.value) ?? entry?.name ?? 'Nowhere');
  useEffect(() => {
    const parts = [
      ...(waiting === 0 ? [] : [`${waiting} to decide`]),
      ...(name === 'Now' ? [] : [name]),
      ...(running === 0 ? [] : [`${running} running`]),
      'Sortie',
    ];
    document.title = parts.join(' · ');
  }, [name, running, waiting]);
}
