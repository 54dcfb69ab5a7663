// A query that JQL does not allow: what is wrong, as a message without a language, and where.
import { message, type Message } from '../messages.ts';

export class JqlSyntaxError extends Error {
  readonly said: Message;

  constructor(text: string, position: number, reason: Message) {
    const before = text.slice(0, position).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    super(`JQL syntax at character ${position}: ${reason.name}`);
    this.name = 'JqlSyntaxError';
    this.said = message('jqlSyntax', reason, before.length, column);
  }
}
