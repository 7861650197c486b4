import type { FieldType } from './layout.js';

const arrays = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
} as const;

export type NumberArray<T extends FieldType> = InstanceType<(typeof arrays)[T]>;

/** Bytes as numbers of a type, over the same memory where it is aligned. The host must be little endian, as all supported ones are. */
export function asNumbers<T extends FieldType>(type: T, bytes: Uint8Array): NumberArray<T> {
  const Numbers = arrays[type];
  const size = Numbers.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new Numbers(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    Math.floor(bytes.byteLength / size),
  ) as NumberArray<T>;
}

/** Numbers as bytes over the same memory. */
export function asBytes(numbers: ArrayBufferView): Uint8Array {
  return new Uint8Array(numbers.buffer as ArrayBuffer, numbers.byteOffset, numbers.byteLength);
}
