// The keys, on `?`.

import { signal } from '@preact/signals';
import { pages } from '../pages.ts';
import { Dialog } from '../ui/dialog.tsx';

export const helpOpen = signal(false);

export function Help() {
  if (!helpOpen.value) return null;
  const close = (): void => {
    helpOpen.value = false;
  };
  return (
    <Dialog title="Keys" onClose={close}>
      <dl class="keys">
        <Keys keys={['/']} does="Why isn’t … running? (then an identifier)" />
        {pages.map(({ key, name }) =>
          key === undefined ? null : <Keys key={key} keys={['g', key]} does={`Go to ${name}`} />,
        )}
        <Keys keys={['?']} does="This list" />
        <Keys keys={['Esc']} does="Close what is open; nothing is done" />
      </dl>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function Keys({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <div>
      <dt>
        {keys.map((key, index) => (
          <span key={key}>
            {index === 0 ? '' : ' '}
            <kbd>{key}</kbd>
          </span>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
