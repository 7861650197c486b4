import { type FieldType, fieldBytes, type RecordLayout, type RecordOf, recordBytes } from './layout.js';

const getters: Record<FieldType, (view: DataView, at: number) => number> = {
  u8: (view, at) => view.getUint8(at),
  u16: (view, at) => view.getUint16(at, true),
  u32: (view, at) => view.getUint32(at, true),
  i8: (view, at) => view.getInt8(at),
  i16: (view, at) => view.getInt16(at, true),
  i32: (view, at) => view.getInt32(at, true),
};

const setters: Record<FieldType, (view: DataView, at: number, value: number) => void> = {
  u8: (view, at, value) => view.setUint8(at, value),
  u16: (view, at, value) => view.setUint16(at, value, true),
  u32: (view, at, value) => view.setUint32(at, value, true),
  i8: (view, at, value) => view.setInt8(at, value),
  i16: (view, at, value) => view.setInt16(at, value, true),
  i32: (view, at, value) => view.setInt32(at, value, true),
};

/** Reads one record; `at` is a byte offset in `view`. */
export function readRecord<L extends RecordLayout>(layout: L, view: DataView, at: number): RecordOf<L> {
  const record: Record<string, number> = {};
  let offset = at;
  for (const field of layout.fields) {
    record[field.name] = getters[field.type](view, offset);
    offset += fieldBytes[field.type];
  }
  return record as RecordOf<L>;
}

/** Writes one record at a byte offset. Throws a RangeError for a value its field cannot hold (a compiler bug). */
export function writeRecord<L extends RecordLayout>(
  layout: L,
  view: DataView,
  at: number,
  record: RecordOf<L>,
): void {
  let offset = at;
  for (const field of layout.fields) {
    const value = (record as Record<string, number>)[field.name]!;
    setters[field.type](view, offset, value);
    if (getters[field.type](view, offset) !== value)
      throw new RangeError(`${layout.name}.${field.name} = ${value} does not fit ${field.type}`);
    offset += fieldBytes[field.type];
  }
}

/** Reads as many records as fill `bytes`. */
export function readRecords<L extends RecordLayout>(layout: L, bytes: Uint8Array): RecordOf<L>[] {
  const size = recordBytes(layout);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.byteLength / size) }, (_, n) =>
    readRecord(layout, view, n * size),
  );
}

/** Writes records one after the other. */
export function writeRecords<L extends RecordLayout>(
  layout: L,
  records: readonly RecordOf<L>[],
): Uint8Array<ArrayBuffer> {
  const size = recordBytes(layout);
  const bytes = new Uint8Array(size * records.length);
  const view = new DataView(bytes.buffer);
  records.forEach((record, n) => {
    writeRecord(layout, view, n * size, record);
  });
  return bytes;
}
