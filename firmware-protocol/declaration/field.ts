/** Scalar types of the wire; all little endian. */
export type NumberType = 'u8' | 'u16' | 'u32' | 'i16' | 'i32';

export const numberBytes = { u8: 1, u16: 2, u32: 4, i16: 2, i32: 4 } as const satisfies Record<
  NumberType,
  number
>;

/** Smallest and largest value of each scalar type. */
export const numberRange = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffff_ffff],
  i16: [-0x8000, 0x7fff],
  i32: [-0x8000_0000, 0x7fff_ffff],
} as const satisfies Record<NumberType, readonly [number, number]>;

/** Named values of a number field: one of them (`choice`) or any sum of them (`bits`). */
export interface ValueSet {
  readonly name: string;
  readonly kind: 'choice' | 'bits';
  readonly entries: Readonly<Record<string, readonly [value: number, doc: string]>>;
}

interface Described {
  readonly name: string;
  readonly doc: string;
}

export interface NumberOptions {
  readonly unit?: string;
  /** Smallest and largest allowed value, where the type allows more. Checked on both sides. */
  readonly min?: number;
  readonly max?: number;
  /** Named values, for document and header. Not checked by the codec: later versions may add some. */
  readonly set?: ValueSet;
}

export interface NumberField extends Described, NumberOptions {
  readonly type: NumberType;
}

/** UTF-8 behind a u8 count of bytes. */
export interface TextField extends Described {
  readonly type: 'text';
  /** Bytes, not characters. */
  readonly max: number;
}

/** Bytes behind a u16 count. */
export interface BytesField extends Described {
  readonly type: 'bytes';
}

/** Numbers behind a count. */
export interface ListField extends Described {
  readonly type: 'list';
  readonly of: NumberType;
  readonly count: 'u8' | 'u16';
}

/** Records behind a count; their fields follow each other without gaps. */
export interface RecordsField extends Described {
  readonly type: 'records';
  readonly count: 'u8' | 'u16';
  readonly record: RecordDeclaration;
}

export type Field = NumberField | TextField | BytesField | ListField | RecordsField;

export interface RecordDeclaration {
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly Field[];
}

const number =
  <T extends NumberType>(type: T) =>
  <const N extends string>(name: N, doc: string, options: NumberOptions = {}) =>
    ({ name, type, doc, ...options }) as const;

export const u8 = number('u8');
export const u16 = number('u16');
export const u32 = number('u32');
export const i16 = number('i16');
export const i32 = number('i32');

export const text = <const N extends string>(name: N, max: number, doc: string) =>
  ({ name, type: 'text', max, doc }) as const;

export const bytes = <const N extends string>(name: N, doc: string) =>
  ({ name, type: 'bytes', doc }) as const;

export const list = <const N extends string, const T extends NumberType>(
  name: N,
  of: T,
  count: 'u8' | 'u16',
  doc: string,
) => ({ name, type: 'list', of, count, doc }) as const;

export const records = <const N extends string, const R extends RecordDeclaration>(
  name: N,
  record: R,
  count: 'u8' | 'u16',
  doc: string,
) => ({ name, type: 'records', record, count, doc }) as const;

export const record = <const N extends string, const F extends readonly Field[]>(
  name: N,
  doc: string,
  fields: F,
) => ({ name, doc, fields }) as const;

type Entries = Readonly<Record<string, readonly [number, string]>>;

function valueSet<const E extends Entries>(name: string, kind: ValueSet['kind'], entries: E) {
  const value = Object.fromEntries(Object.entries(entries).map(([key, [number]]) => [key, number]));
  return { name, kind, entries, value: value as { readonly [K in keyof E]: E[K][0] } } as const;
}

/** A set of which a field holds one: `runEnd.value.STOPPED`. */
export const choices = <const E extends Entries>(name: string, entries: E) =>
  valueSet(name, 'choice', entries);

/** A set of bits of which a field holds any. */
export const bits = <const E extends Entries>(name: string, entries: E) => valueSet(name, 'bits', entries);
