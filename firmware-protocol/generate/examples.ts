import { rangeOf } from '../codec/encode.js';
import type { FieldValues } from '../codec/values.js';
import { type Field, type NumberType, numberRange } from '../declaration/field.js';

/** A way to fill every field of a declaration. */
export interface Filling {
  readonly title: string;
  readonly number: (min: number, max: number, index: number) => number;
  /** Items in lists, records and bytes; characters in texts. */
  readonly items: number;
}

/** Example values: the smallest, the largest, and mixed ones in between. All follow from the declaration. */
export const fillings: readonly Filling[] = [
  { title: 'smallest', number: (min) => min, items: 0 },
  { title: 'largest', number: (_min, max) => max, items: 1 },
  { title: 'mixed', number: mixed, items: 3 },
];

/** Spread over the range by the golden ratio, so that every byte of a number differs. */
function mixed(min: number, max: number, index: number): number {
  const share = ((index + 1) * 0.6180339887498949) % 1;
  return min + Math.floor(share * (max - min));
}

export function fill(fields: readonly Field[], filling: Filling): FieldValues {
  let index = 0;
  const numberIn = ([min, max]: readonly [number, number]) => filling.number(min, max, index++);
  const many = <T>(make: () => T): T[] => Array.from({ length: filling.items }, make);
  const bytes = (type: NumberType) => many(() => numberIn(numberRange[type]));
  const value = (field: Field): unknown => {
    switch (field.type) {
      case 'text':
        return filling.title === 'largest' ? 'x'.repeat(field.max) : 'µ-1'.slice(0, filling.items);
      case 'bytes':
        return Uint8Array.from(bytes('u8'));
      case 'list':
        return bytes(field.of);
      case 'records':
        return many(() => group(field.record.fields));
      default:
        return numberIn(rangeOf(field));
    }
  };
  const group = (inner: readonly Field[]): FieldValues =>
    Object.fromEntries(inner.map((field) => [field.name, value(field)]));
  return group(fields);
}
