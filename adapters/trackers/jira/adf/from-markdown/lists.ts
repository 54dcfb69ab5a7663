// Lists. A list of nothing but tasks, each with a single line, is a task list; every other task keeps its box as
// text, because a list item cannot hold a state and a task item cannot hold blocks. No item is ever empty, and each
// begins with a paragraph or code, which Jira's editor demands beyond the schema.
import type { Token, Tokens } from 'marked';
import {
  paragraph,
  type AdfBlock,
  type AdfListItem,
  type AdfTaskItem,
  type AdfTaskList,
} from '../adf-document.ts';
import { blockNodes, type Conversion, type Place } from './blocks.ts';
import { inlineNodes } from './inline.ts';

export function listNodes(list: Tokens.List, place: Place, conversion: Conversion): AdfBlock[] {
  if (place !== 'quote' && isTaskList(list, conversion)) return [taskList(list, conversion)];
  const content = list.items.map((item) => listItem(item, conversion));
  if (!list.ordered) return [{ type: 'bulletList', content }];
  const order = list.start === '' ? 1 : list.start;
  return [
    order === 1 ? { type: 'orderedList', content } : { type: 'orderedList', attrs: { order }, content },
  ];
}

function listItem(item: Tokens.ListItem, conversion: Conversion): AdfListItem {
  const box = item.task ? `[${item.checked ? 'x' : ' '}]` : '';
  const blocks = blockNodes(item.tokens, 'list_item', conversion);
  const content = box === '' ? blocks : withBox(box, blocks);
  const [first] = content;
  const opened = first?.type === 'paragraph' || first?.type === 'codeBlock';
  return { type: 'listItem', content: opened ? content : [paragraph([]), ...content] };
}

function withBox(box: string, blocks: readonly AdfBlock[]): readonly AdfBlock[] {
  const [first, ...rest] = blocks;
  if (first?.type !== 'paragraph') return [paragraph([{ type: 'text', text: box }]), ...blocks];
  const [head, ...tail] = first.content ?? [];
  const isPlain = head?.type === 'text' && head.marks === undefined;
  const text = isPlain ? `${box} ${head.text}` : `${box} `;
  const others = isPlain || head === undefined ? tail : [head, ...tail];
  return [paragraph([{ type: 'text', text }, ...others]), ...rest];
}

function isTaskList(list: Tokens.List, conversion: Conversion): boolean {
  return !list.ordered && list.items.length > 0 && list.items.every((item) => isTask(item, conversion));
}

/** A box, one line of text, and below it nothing but task lists. */
function isTask({ task, tokens }: Tokens.ListItem, conversion: Conversion): boolean {
  if (!task) return false;
  const [first, ...rest] = tokens.filter(({ type }) => type !== 'space');
  if (first?.type !== 'text' && first?.type !== 'paragraph') return false;
  if (inlineNodes(textOf(first), conversion.definitions).length === 0) return false;
  return rest.every((token) => token.type === 'list' && isTaskList(token as Tokens.List, conversion));
}

function taskList(list: Tokens.List, conversion: Conversion): AdfTaskList {
  const localId = conversion.makeId();
  const content = list.items.flatMap(({ checked, tokens }): (AdfTaskItem | AdfTaskList)[] => {
    const blocks = tokens.filter(({ type }) => type !== 'space');
    const item: AdfTaskItem = {
      type: 'taskItem',
      attrs: { localId: conversion.makeId(), state: checked ? 'DONE' : 'TODO' },
      content: inlineNodes(blocks[0] ? textOf(blocks[0]) : '', conversion.definitions),
    };
    return [item, ...blocks.slice(1).map((token) => taskList(token as Tokens.List, conversion))];
  });
  return { type: 'taskList', attrs: { localId }, content };
}

function textOf(token: Token): string {
  return 'text' in token && typeof token.text === 'string' ? token.text : '';
}
