import type { Storage } from '../storage.js';
import type { RecordShape } from './record.js';
import { boardAddress, boardRecord } from './records.js';

const page = 0x1_0000;
/** Every array begins at a multiple of this, and is followed by as many bytes that belong to it: vectors may pass its end. */
const align = 32;
/** Bytes behind the last array: a masked lane may look up any 16-bit index of 32-bit values from a core's last neuron. */
const slack = 5 * page;

/** Behind the record of the board. */
const firstFree = boardAddress + Math.ceil((boardRecord.bytes + align) / align) * align;

type Numbers = Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/** Most bytes of a board in one memory of WebAssembly. */
export const largestMemory = 0xffff_0000 - slack;

/** One WebAssembly memory that holds the state of a board, its synapses and the kernels' records. */
export class BoardMemory implements Storage {
  readonly memory: WebAssembly.Memory;
  readonly pages: number;
  readonly shared: boolean;
  readonly #words: Int32Array;
  /** Addresses and lengths in bytes of all that was taken. */
  readonly taken: { readonly address: number; readonly bytes: number }[] = [];
  #next = firstFree;

  /** For at most so many bytes, by `arrayBytes` of each array. */
  constructor(bytes: number, shared: boolean) {
    this.shared = shared;
    this.pages = Math.ceil((bytes + firstFree + slack) / page);
    this.memory = new WebAssembly.Memory({ initial: this.pages, maximum: this.pages, shared });
    this.#words = new Int32Array(this.memory.buffer);
  }

  int32(length: number): Int32Array {
    return new Int32Array(this.memory.buffer, this.#take(4 * length), length);
  }

  uint32(length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, this.#take(4 * length), length);
  }

  int16(length: number): Int16Array {
    return new Int16Array(this.memory.buffer, this.#take(2 * length), length);
  }

  uint16(length: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, this.#take(2 * length), length);
  }

  uint8(length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, this.#take(length), length);
  }

  /** Puts a copy of an array into the memory; gives its address. */
  copy(array: Numbers): number {
    const address = this.#take(array.byteLength);
    new Uint8Array(this.memory.buffer).set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      address,
    );
    return address;
  }

  /** Writes a record; gives its address. Negative words stand as they are. */
  record<Name extends string>(shape: RecordShape<Name>, fields: Readonly<Record<Name, number>>): number {
    const address = this.#take(shape.bytes);
    this.fill(shape, address, fields);
    return address;
  }

  /** Fills in the record that stands at an address. */
  fill<Name extends string>(
    shape: RecordShape<Name>,
    address: number,
    fields: Readonly<Record<Name, number>>,
  ): void {
    for (const name of Object.keys(shape.at) as Name[])
      this.#words[(address + shape.at[name]) >>> 2] = fields[name];
  }

  /** Reads and writes a word of a record. */
  get words(): Int32Array {
    return this.#words;
  }

  #take(bytes: number): number {
    const address = this.#next;
    this.taken.push({ address, bytes });
    this.#next += arrayBytes(bytes);
    if (this.#next > this.pages * page - slack) throw new RangeError('the memory of the board is too small');
    return address;
  }
}

/** What an array of so many bytes takes. */
export function arrayBytes(bytes: number): number {
  return (Math.ceil(bytes / align) + 1) * align;
}
