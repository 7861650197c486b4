import { boardAddress, boardRecord } from './records.js';
import { i32, type Value } from './wasm/values.js';

/** A word of the board's record. */
export function ofBoard(name: keyof typeof boardRecord.at): Value<'i32'> {
  return i32.load(boardAddress, boardRecord.at[name]);
}
