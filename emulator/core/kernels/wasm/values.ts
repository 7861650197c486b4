import { type Bytes, signed, unsigned } from './encode.js';

/** Expressions of WebAssembly: each value is the code that leaves it on the stack. Numbers stand for i32 constants. */
export type Type = 'i32' | 'i64' | 'v128';

export const typeCodes = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const satisfies Record<Type, number>;

export interface Value<T extends Type> {
  readonly type: T;
  readonly code: Bytes;
}
export type Int = Value<'i32'> | number;
export type Vector = Value<'v128'>;

export function value<T extends Type>(type: T, ...code: readonly Bytes[]): Value<T> {
  return { type, code: code.flat() };
}

export function codeOf(operand: Int | Value<Type>): Bytes {
  return typeof operand === 'number' ? [0x41, ...signed(operand)] : operand.code;
}

/** Address, alignment hint (bytes, none) and constant offset of an access. */
export function access(opcode: Bytes, offset: number): number[] {
  return [...opcode, 0, ...unsigned(offset)];
}

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

const binary = (opcode: number) => (a: Int, b: Int) => value('i32', codeOf(a), codeOf(b), [opcode]);
const load =
  (opcode: number) =>
  (address: Int, offset = 0) =>
    value('i32', codeOf(address), access([opcode], offset));

export const i32 = {
  eqz: (a: Int) => value('i32', codeOf(a), [0x45]),
  eq: binary(0x46),
  ne: binary(0x47),
  ltS: binary(0x48),
  ltU: binary(0x49),
  gtS: binary(0x4a),
  gtU: binary(0x4b),
  leS: binary(0x4c),
  leU: binary(0x4d),
  geS: binary(0x4e),
  geU: binary(0x4f),
  ctz: (a: Int) => value('i32', codeOf(a), [0x68]),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shrS: binary(0x75),
  shrU: binary(0x76),
  /** a if the condition is not 0, else b. */
  select: (a: Int, b: Int, condition: Int) => value('i32', codeOf(a), codeOf(b), codeOf(condition), [0x1b]),
  load: load(0x28),
  load8S: load(0x2c),
  load8U: load(0x2d),
  load16S: load(0x2e),
  load16U: load(0x2f),
  min: (a: Value<'i32'>, b: Int) => i32.select(a, b, i32.ltS(a, b)),
  max: (a: Value<'i32'>, b: Int) => i32.select(a, b, i32.gtS(a, b)),
};

export const i64 = {
  load: (address: Int, offset = 0) => value('i64', codeOf(address), access([0x29], offset)),
  eqz: (a: Value<'i64'>) => value('i32', a.code, [0x50]),
  ctz: (a: Value<'i64'>) => value('i64', a.code, [0x7a]),
  sub: (a: Value<'i64'>, b: Value<'i64'>) => value('i64', a.code, b.code, [0x7d]),
  and: (a: Value<'i64'>, b: Value<'i64'>) => value('i64', a.code, b.code, [0x83]),
  one: value('i64', [0x42, 1]),
  wrap: (a: Value<'i64'>) => value('i32', a.code, [0xa7]),
};

const vectors = (opcode: number) => (a: Vector, b: Vector) => value('v128', a.code, b.code, simd(opcode));
const unary = (opcode: number) => (a: Vector) => value('v128', a.code, simd(opcode));
const shift = (opcode: number) => (a: Vector, by: Int) => value('v128', a.code, codeOf(by), simd(opcode));
const splat = (opcode: number) => (a: Int) => value('v128', codeOf(a), simd(opcode));
const mask = (opcode: number) => (a: Vector) => value('i32', a.code, simd(opcode));
const loads =
  (opcode: number) =>
  (address: Int, offset = 0) =>
    value('v128', codeOf(address), access(simd(opcode), offset));

export const v128 = {
  load: loads(0),
  load8x8U: loads(2),
  load16x4S: loads(3),
  load16x4U: loads(4),
  load32Splat: loads(9),
  load64Zero: loads(93),
  /** Lane `lane` of 16 or 32 bits from memory, the other lanes as in `a`. */
  load16Lane: (a: Vector, address: Int, lane: number, offset = 0) =>
    value('v128', codeOf(address), a.code, access(simd(85), offset), [lane]),
  load32Lane: (a: Vector, address: Int, lane: number, offset = 0) =>
    value('v128', codeOf(address), a.code, access(simd(86), offset), [lane]),
  /** 16 bytes. */
  constant: (bytes: Bytes) => value('v128', simd(12), bytes),
  /** Bytes of a (0 … 15) and b (16 … 31), by number. */
  shuffle: (a: Vector, b: Vector, bytes: Bytes) => value('v128', a.code, b.code, simd(13), bytes),
  and: vectors(78),
  /** a and not b. */
  andNot: vectors(79),
  or: vectors(80),
  xor: vectors(81),
  /** Bits of a where the mask's are 1, of b elsewhere. */
  select: (a: Vector, b: Vector, bits: Vector) => value('v128', a.code, b.code, bits.code, simd(82)),
  any: mask(83),
};

export const zero: Vector = v128.constant(new Array<number>(16).fill(0));

export const i16x8 = {
  splat: splat(16),
  eq: vectors(45),
  bitmask: mask(132),
  abs: unary(128),
  /** Eight lanes of two vectors of i32, saturated. */
  narrowS: vectors(133),
  narrowU: vectors(134),
  extendLow8S: unary(135),
  extendHigh8S: unary(136),
  shl: shift(139),
  shrS: shift(140),
  shrU: shift(141),
  add: vectors(142),
  addSatS: vectors(143),
  sub: vectors(145),
  ltS: vectors(47),
  minS: vectors(150),
  maxS: vectors(152),
};

export const i32x4 = {
  splat: splat(17),
  extract: (a: Vector, lane: number) => value('i32', a.code, simd(27), [lane]),
  eq: vectors(55),
  ltS: vectors(57),
  gtS: vectors(59),
  geS: vectors(63),
  geU: vectors(64),
  abs: unary(160),
  bitmask: mask(164),
  extendLow16S: unary(167),
  extendHigh16S: unary(168),
  extendLow16U: unary(169),
  extendHigh16U: unary(170),
  shl: shift(171),
  shrS: shift(172),
  shrU: shift(173),
  add: vectors(174),
  sub: vectors(177),
  mul: vectors(181),
  minS: vectors(182),
  minU: vectors(183),
  maxS: vectors(184),
  extmulLow16S: vectors(188),
  extmulHigh16S: vectors(189),
  extmulLow16U: vectors(190),
  extmulHigh16U: vectors(191),
};
