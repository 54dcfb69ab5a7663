// Query parameters as zod shapes over what came: each name with all its values. A name that the route does not
// list is refused, and so is a second value of a parameter that takes one.
import { z } from 'zod';

const one = z.array(z.string()).length(1, { error: 'given more than once' });

export function text(maximum = Infinity): z.ZodType<string | undefined> {
  return one
    .transform(([value = '']) => value)
    .pipe(z.string().max(maximum))
    .optional();
}

export function integer(minimum: number, maximum: number): z.ZodType<number | undefined> {
  return one
    .transform(([value = ''], context) => {
      if (/^[+-]?\d+$/.test(value)) return Number(value);
      context.addIssue({ code: 'custom', message: `"${value}" is no integer` });
      return z.NEVER;
    })
    .pipe(z.int().min(minimum).max(maximum))
    .optional();
}

export function flag(): z.ZodType<boolean | undefined> {
  return one
    .transform(([value = '']) => value)
    .pipe(z.enum(['true', 'false']))
    .transform((value) => value === 'true')
    .optional();
}

export function choice<const T extends readonly [string, ...string[]]>(
  values: T,
): z.ZodType<T[number] | undefined> {
  return one
    .transform(([value = '']) => value)
    .pipe(z.enum(values))
    .optional() as z.ZodType<T[number] | undefined>;
}

/** Repeated, comma-separated, or both. */
export function list(maximum = Infinity): z.ZodType<string[] | undefined> {
  return z
    .array(z.string())
    .transform((values) => values.flatMap((value) => value.split(',').map((item) => item.trim())))
    .pipe(z.array(z.string().min(1, { error: 'an empty item' })).max(maximum))
    .optional();
}

/** A comma-separated string of known expansions. */
export function expand(...known: readonly string[]): z.ZodType<string[] | undefined> {
  return one
    .transform(([value = '']) => (value === '' ? [] : value.split(',').map((item) => item.trim())))
    .pipe(z.array(z.string().refine((item) => known.includes(item), { error: 'an unknown expansion' })))
    .optional();
}
