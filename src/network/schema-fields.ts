import { z } from 'zod';
import { timeAllowed, timePattern } from '../learning/time.js';

/**
 * Building blocks of the schema. The error text of each says what is allowed there; `problems.ts` puts what was seen
 * before it.
 */

/** Names of populations, projections and probes. */
export const namePattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const nameAllowed = 'a name of letters, digits, _ and -, not beginning with a digit or -';

export const name = () => z.string({ error: nameAllowed }).regex(namePattern, { error: nameAllowed });

/** A name that can stand in the equations of a rule. */
export const identifier = () => {
  const error = 'a name of letters, digits and _, not beginning with a digit';
  return z.string({ error }).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error });
};

export const time = (description: string) =>
  z.string({ error: timeAllowed }).regex(timePattern, { error: timeAllowed }).describe(description);

/** A time, or "none" for no decay. */
export const timeOrNone = (description: string) => {
  const error = `${timeAllowed}, or "none" for no decay`;
  return z
    .string({ error })
    .regex(new RegExp(`^none$|${timePattern.source}`), { error })
    .describe(description);
};

export const number = (description: string) => z.number({ error: 'a number' }).describe(description);

export const positive = (description: string) => {
  const error = 'a number above 0';
  return z.number({ error }).gt(0, { error }).describe(description);
};

export const notNegative = (description: string) => {
  const error = 'a number of 0 or more';
  return z.number({ error }).min(0, { error }).describe(description);
};

export const integer = (low: number, high: number, description: string) => {
  const error = `a whole number, ${low} to ${high}`;
  return z.int({ error }).min(low, { error }).max(high, { error }).describe(description);
};

/** An object with these fields and no others. */
export const object = <S extends z.core.$ZodShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `one of ${Object.keys(shape).join(', ')}` : 'an object',
  });

/** Things by name, in order. */
export const record = <V extends z.core.$ZodType>(key: ReturnType<typeof name>, value: V) =>
  z.record(key, value, {
    error: (issue) => (issue.code === 'invalid_key' ? nameAllowed : 'an object: things by name'),
  });

/** Of a list that is wrong all over, so many places are named. */
const mostNamed = 5;

/**
 * A list that may have millions of entries: checked in one pass, not copied (zod's own lists take microseconds an
 * entry). `items` is the JSON Schema of an entry.
 */
export function list<T>(
  isItem: (item: unknown) => item is T,
  allowed: { readonly list: string; readonly item: string },
  items: Readonly<Record<string, unknown>>,
  description: string,
) {
  return z
    .custom<T[]>(Array.isArray, { error: allowed.list })
    .check(({ value, issues }) => {
      for (let n = 0, named = 0; n < value.length && named < mostNamed; n++) {
        if (isItem(value[n])) continue;
        issues.push({ code: 'custom', path: [n], message: allowed.item, input: value[n] });
        named++;
      }
    })
    .meta({ type: 'array', items, description });
}
