// The focus stays in the page: a row that goes with the button that has the focus would leave it nowhere, and whoever
// uses the keyboard would begin anew at the top.

/** Gives the focus to `element`, and to the page's content when the element goes before the focus has moved on. */
export function keepFocus(element: Element | null): void {
  const main = document.querySelector<HTMLElement>('main');
  if (!(element instanceof HTMLElement) || !element.isConnected || element === document.body) {
    main?.focus();
    return;
  }
  element.focus();
  const gone = new MutationObserver(() => {
    if (element.isConnected) return;
    stop();
    if (document.activeElement === document.body) main?.focus();
  });
  const stop = (): void => {
    gone.disconnect();
    removeEventListener('focusin', movedOn);
  };
  const movedOn = (event: FocusEvent): void => {
    if (event.target !== element) stop();
  };
  gone.observe(document.body, { childList: true, subtree: true });
  addEventListener('focusin', movedOn);
}
