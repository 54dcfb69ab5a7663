// A refusal as Jira sends it: an ErrorCollection in the account's language, or, as some of its endpoints do,
// `application/problem+json` with a `detail` and nothing else. Checked against its shape like every answer;
// only the refusals at the door (Bearer, gateway) have forms of their own.
import type { Answer, JiraError } from './answer.ts';
import { say } from './messages.ts';
import type { Settings } from './settings.ts';
import { errorCollection, problemJson } from './shapes/basics.ts';

export function answerOf(error: JiraError, settings: Settings, path: string, asProblem: boolean): Answer {
  const { status, headers } = error;
  if (error.body !== undefined) return { status, headers, body: error.body };
  const errorMessages = error.messages.map((one) => say(one, settings.language));
  const errors = Object.fromEntries(
    Object.entries(error.errors).map(([field, one]) => [field, say(one, settings.language)]),
  );
  if (!asProblem || status !== 400) {
    return { status, headers, body: errorCollection.parse({ errorMessages, errors }) };
  }
  const detail = [...errorMessages, ...Object.values(errors)].join(' ');
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json' },
    body: problemJson.parse({
      type: 'about:blank',
      title: 'Bad Request',
      status,
      detail,
      instance: path,
    }),
  };
}
