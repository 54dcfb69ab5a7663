// Shorthand for the settings of the schema: a value of each shape with its facts, so that a key is one call. Says
// nothing about any one key.

import { z } from 'zod';
import { list, setting, text, verbatim, whole, wholeText, type TakesEffect } from './setting.ts';

export const optionalText = (
  about: string,
  takesEffect: TakesEffect,
  more: { readonly expand?: 'secret' | 'reference' } = {},
) =>
  setting(text.default(''), {
    shape: 'text',
    expects: 'text',
    about,
    takesEffect,
    defaultText: 'none',
    ...more,
  });

export const optionalList = (about: string, takesEffect: TakesEffect) =>
  setting(list.default([]), {
    shape: 'list',
    expects: 'a list of texts, none of them empty',
    about,
    takesEffect,
    defaultText: '`[]`',
    defaultValue: [],
  });

export const flag = (about: string, takesEffect: TakesEffect) =>
  setting(z.boolean().default(false), {
    shape: 'flag',
    expects: 'true or false',
    about,
    takesEffect,
    defaultText: '`false`',
    defaultValue: false,
  });

export const count = (
  value: number,
  least: number,
  about: string,
  takesEffect: TakesEffect,
  more: { readonly most?: number; readonly env?: false; readonly lenient?: true } = {},
) =>
  setting(whole(least, more.most).default(value), {
    shape: 'whole',
    expects: wholeText(least, more.most),
    about,
    takesEffect,
    defaultText: `\`${value}\``,
    defaultValue: value,
    env: more.env,
    lenient: more.lenient,
  });

export const choice = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  value: Values[number],
  about: string,
  takesEffect: TakesEffect,
  more: { readonly env?: false } = {},
) =>
  setting((z.enum(values) as z.ZodType<Values[number]>).default(value as never), {
    shape: 'text',
    expects: values.map((one) => `"${one}"`).join(' or '),
    about,
    takesEffect,
    defaultText: `\`${value}\``,
    defaultValue: value,
    ...more,
  });

export const path = (defaultText: string, about: string, takesEffect: TakesEffect) =>
  setting(text.optional(), {
    shape: 'text',
    expects: 'a path',
    about,
    takesEffect,
    defaultText,
    expand: 'path',
  });

export const script = (about: string) =>
  setting(verbatim.default(''), {
    shape: 'text',
    expects: 'a shell script as text',
    about,
    takesEffect: 'future runs',
    defaultText: 'none',
    env: false,
    isScript: true,
  });
