// How many streams may be open at once, of whatever kind: each holds a connection for as long as its client likes.

export interface StreamSlots {
  /** Takes a place; what comes back gives it free, once. null = all are taken. */
  take(): (() => void) | null;
}

export function createStreamSlots(limit: number): StreamSlots {
  let taken = 0;
  return {
    take() {
      if (taken >= limit) return null;
      taken += 1;
      let isHeld = true;
      return () => {
        if (isHeld) taken -= 1;
        isHeld = false;
      };
    },
  };
}
