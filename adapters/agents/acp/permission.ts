// The answer to every `session/request_permission`, malformed ones included, because an unanswered one would hang the
// turn for ever. Nobody is there to ask, so what can be allowed is allowed, for as short a time as is offered. Pure.

import { arrayAt, stringAt } from '../driver/index.ts';

export interface PermissionAnswer {
  readonly isAllowed: boolean;
  /** null = there is no option to choose: the request is called off. */
  readonly optionId: string | null;
  /** What was asked for, "" when the request does not say. */
  readonly subject: string;
}

const ALLOWED = ['allow_once', 'allow_always'];
const REFUSED = ['reject_once', 'reject_always'];

/** @param params of the request; anything. */
export function answerPermission(params: unknown): PermissionAnswer {
  const subject = stringAt(params, 'toolCall', 'title') || stringAt(params, 'toolCall', 'kind');
  const options = arrayAt(params, 'options').flatMap((option) => {
    const optionId = stringAt(option, 'optionId');
    return optionId === '' ? [] : [{ optionId, kind: stringAt(option, 'kind') }];
  });
  const ofKind = (kinds: readonly string[]): string | undefined =>
    kinds.flatMap((wanted) => options.filter(({ kind }) => kind === wanted)).at(0)?.optionId;
  const allowed = ofKind(ALLOWED);
  if (allowed !== undefined) return { isAllowed: true, optionId: allowed, subject };
  return { isAllowed: false, optionId: ofKind(REFUSED) ?? null, subject };
}
