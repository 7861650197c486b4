import { type Bytes, unsigned } from './encode.js';
import {
  access,
  codeOf,
  type Int,
  i32,
  type Type,
  typeCodes,
  type Value,
  type Vector,
  value,
} from './values.js';

/** A local variable: its value, and its place among the function's locals. */
export interface Local<T extends Type> extends Value<T> {
  readonly index: number;
}

/** The body of one function, written statement by statement. */
export class Code {
  readonly #parameters: number;
  readonly #locals: Type[] = [];
  #bytes: number[] = [];

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** Parameter n, an i32. */
  parameter(n: number): Local<'i32'> {
    return { ...value('i32', [0x20, ...unsigned(n)]), index: n };
  }

  /** A new local with a first value. */
  let<T extends Type>(initial: Value<T>): Local<T> {
    const local = this.local(initial.type);
    this.set(local, initial);
    return local;
  }

  /** A new i32 local. */
  letInt(initial: Int): Local<'i32'> {
    const local = this.local('i32');
    this.set(local, initial);
    return local;
  }

  /** A new local; 0 when the function begins, and not again where a loop comes back to it. */
  local<T extends Type>(type: T): Local<T> {
    const index = this.#parameters + this.#locals.length;
    this.#locals.push(type);
    return { ...value(type, [0x20, ...unsigned(index)]), index };
  }

  set(local: Local<'i32'>, to: Int): void;
  set<T extends Type>(local: Local<T>, to: Value<T>): void;
  set(local: Local<Type>, to: Int | Value<Type>): void {
    this.#emit(codeOf(to), [0x21, ...unsigned(local.index)]);
  }

  /** local += by */
  advance(local: Local<'i32'>, by: Int): void {
    this.set(local, i32.add(local, by));
  }

  store(address: Int, to: Int, offset = 0): void {
    this.#emit(codeOf(address), codeOf(to), access([0x36], offset));
  }

  store8(address: Int, to: Int, offset = 0): void {
    this.#emit(codeOf(address), codeOf(to), access([0x3a], offset));
  }

  store16(address: Int, to: Int, offset = 0): void {
    this.#emit(codeOf(address), codeOf(to), access([0x3b], offset));
  }

  storeVector(address: Int, to: Vector, offset = 0): void {
    this.#emit(codeOf(address), to.code, access([0xfd, 11], offset));
  }

  /** The low 64 bits of a vector. */
  storeHalf(address: Int, to: Vector, offset = 0): void {
    this.#emit(codeOf(address), to.code, access([0xfd, 91], offset), [0]);
  }

  /** Sets so many bytes to a value. */
  fill(address: Int, byte: Int, count: Int): void {
    this.#emit(codeOf(address), codeOf(byte), codeOf(count), [0xfc, 11, 0]);
  }

  /** Calls function number `index` of the table; all functions of the table take one i32 and give nothing. */
  callIndirect(type: number, index: Int, argument: Int): void {
    this.#emit(codeOf(argument), codeOf(index), [0x11, ...unsigned(type), 0]);
  }

  if(condition: Int, then: () => void, otherwise?: () => void): void {
    this.#emit(codeOf(condition), [0x04, 0x40]);
    then();
    if (otherwise) {
      this.#emit([0x05]);
      otherwise();
    }
    this.#emit([0x0b]);
  }

  while(condition: Int, body: () => void): void {
    this.if(condition, () => {
      this.#emit([0x03, 0x40]);
      body();
      this.#emit(codeOf(condition), [0x0d, 0], [0x0b]);
    });
  }

  /** `at` runs from its value up to, not including, `end` in steps; values below 2^31. */
  upTo(at: Local<'i32'>, end: Int, step: number, body: () => void): void {
    this.while(i32.ltU(at, end), () => {
      body();
      this.advance(at, step);
    });
  }

  return(): void {
    this.#emit([0x0f]);
  }

  /** The function as the binary format has it: locals, body. */
  get bytes(): Bytes {
    const locals = this.#locals.map((type) => [1, typeCodes[type]]);
    return [...unsigned(locals.length), ...locals.flat(), ...this.#bytes, 0x0b];
  }

  #emit(...parts: readonly Bytes[]): void {
    for (const part of parts) for (const byte of part) this.#bytes.push(byte);
  }
}
