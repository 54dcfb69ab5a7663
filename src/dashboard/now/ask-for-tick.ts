// "Check now": asks for a tick. Needs no question first, because it changes nothing.

import { post } from '../api.ts';
import { toast } from '../ui/toast.tsx';
import type { ControlAccepted } from '../wire.ts';

export async function askForTick(): Promise<void> {
  try {
    const { message } = await post<Partial<ControlAccepted>>('/api/v1/refresh', {});
    toast(message ?? 'The tracker is looked at now.');
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), 'bad');
  }
}
