// Rises with each word of this page that the daemon accepted: what shows the operators' log reads it again.

import { signal } from '@preact/signals';

export const acted = signal(0);
