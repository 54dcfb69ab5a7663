// Small documents for building sites: one paragraph a line. Not for testing what a client writes.
import type { Adf } from '../model.ts';

export function adf(text: string): Adf {
  const content = text.split('\n').map((line) => ({
    type: 'paragraph',
    content: line === '' ? [] : [{ type: 'text', text: line }],
  }));
  return { type: 'doc', version: 1, content };
}
