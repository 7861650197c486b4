/** Where the arrays of a board's state come from; all are zero at first. */
export interface Storage {
  int32(length: number): Int32Array;
  uint32(length: number): Uint32Array;
  int16(length: number): Int16Array;
  uint16(length: number): Uint16Array;
}

/** Each array by itself. */
export const ownArrays: Storage = {
  int32: (length) => new Int32Array(length),
  uint32: (length) => new Uint32Array(length),
  int16: (length) => new Int16Array(length),
  uint16: (length) => new Uint16Array(length),
};
