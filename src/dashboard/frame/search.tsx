// "Why isn't … running?": an identifier leads to its issue's page, which answers for unknown ones, too.

import { useSignal } from '@preact/signals';
import { issuePath, navigate } from '../router.ts';

export function Search() {
  const text = useSignal('');
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const identifier = text.value.trim();
        if (identifier === '') return;
        navigate(issuePath(identifier));
        text.value = '';
        // The answer is read next, and the keys work again.
        document.getElementById('main')?.focus({ preventScroll: true });
      }}
    >
      <input
        id="search"
        class="input"
        type="search"
        aria-label="Why isn’t it running? An issue’s identifier"
        placeholder="Why isn’t … running?"
        autoComplete="off"
        spellcheck={false}
        enterkeyhint="go"
        maxLength={300}
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
