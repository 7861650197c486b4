import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { RP2040 } from 'rp2040js';
import { expect } from 'vitest';
import { elfSymbols } from '../../src/flash/elf-symbols.js';

/**
 * Calls single functions of the shipped firmware in the chip emulator, and what their tests draw and expect: docs/core.md
 * in 64-bit integers.
 */
const elf = readFileSync(new URL('engram-pico.elf', import.meta.url));
const symbols = elfSymbols(elf);
export const ram = 0x2000_0000;
export const data = 0x2002_0000;
const stack = 0x2004_0000;
export const chip = new RP2040();
loadInto(chip);

/** Puts what the program runs from where it runs, as its start-up code does. */
function loadInto({ flash, sram }: RP2040): void {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const [start, size, count] = [view.getUint32(28, true), view.getUint16(42, true), view.getUint16(44, true)];
  for (let n = 0; n < count; n++) {
    const word = (field: number) => view.getUint32(start + n * size + field * 4, true);
    const [offset, address, bytes] = [word(1), word(2), word(4)];
    const memory = address >= ram ? sram : flash;
    memory.set(elf.subarray(offset, offset + bytes), address & 0xff_ffff);
  }
}

/** Calls a function; gives the cycles it took. */
export function call(name: string, ...words: number[]): number {
  const { core } = chip;
  const returnTo = stack + 0x100;
  for (let n = 0; n < 4; n++) core.registers[n] = words[n] ?? 0;
  for (let n = 4; n < 12; n++) core.registers[n] = 0xdead_0000 + n;
  core.registers[13] = stack - 64;
  words.slice(4).forEach((word, n) => {
    chip.writeUint32(stack - 64 + 4 * n, word);
  });
  core.registers[14] = returnTo | 1;
  core.PC = symbols.get(name)!;
  const from = core.cycles;
  for (let n = 0; core.PC !== returnTo; n++) {
    if (n > 1_000_000) throw new Error(`${name} does not return`);
    core.executeInstruction();
  }
  for (let n = 4; n < 12; n++) expect(core.registers[n]! >>> 0, `r${n} is kept`).toBe(0xdead_0000 + n);
  expect(core.registers[13]).toBe(stack - 64);
  return core.cycles - from;
}

export function put(at: number, values: readonly number[], bytes: 1 | 2 | 4): void {
  const view = new DataView(chip.sram.buffer, chip.sram.byteOffset);
  values.forEach((value, n) => {
    const place = at - ram + n * bytes;
    if (bytes === 1) view.setInt8(place, value);
    else if (bytes === 2) view.setUint16(place, value, true);
    else view.setInt32(place, value, true);
  });
}

export function get(at: number, count: number): number[] {
  const view = new DataView(chip.sram.buffer, chip.sram.byteOffset);
  return Array.from({ length: count }, (_, n) => view.getInt32(at - ram + 4 * n, true));
}

export function getHalves(at: number, count: number): number[] {
  const view = new DataView(chip.sram.buffer, chip.sram.byteOffset);
  return Array.from({ length: count }, (_, n) => view.getInt16(at - ram + 2 * n, true));
}

export const clamp = (x: bigint, low: bigint, high: bigint) => (x < low ? low : x > high ? high : x);
export const sat16 = (x: bigint) => clamp(x, -32767n, 32767n);
export const wordOf = (weight: bigint, tag: bigint) =>
  Number(BigInt.asIntN(32, (weight << 16n) | (tag & 0xffffn)));
export const tagIn = (word: number) => BigInt((word << 16) >> 16);
export const weightIn = (word: number) => BigInt(word >> 16);

/** The increment of a term with two factors (docs/core.md, section 6). */
export function increment(factor1: bigint, factor2: bigint, mantissa: bigint, shift: bigint): bigint {
  const r = ((factor1 * factor2 + 64n) >> 7n) * mantissa;
  return clamp(shift === 0n ? r : (r + (1n << (shift - 1n))) >> shift, -65535n, 65535n);
}

export const count = fc.integer({ min: 0, max: 70 });
export const weight8 = fc.integer({ min: -127, max: 127 });
export const accumulator = fc.integer({ min: -(2 ** 24), max: 2 ** 24 });
export const trace = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 2 ** 23 - 1 }),
  fc.constant(2 ** 23 - 1),
  fc.integer({ min: 0, max: 4096 }),
);
export const tag = fc.oneof(
  fc.integer({ min: -32767, max: 32767 }),
  fc.constantFrom(-32767, -32766, 0, 32766, 32767),
);
export const weight16 = fc.integer({ min: -32767, max: 32767 });
export const mantissa = fc.integer({ min: -127, max: 127 }).filter((m) => m !== 0);
export const listOf = (value: fc.Arbitrary<number>, length: number) =>
  fc.array(value, { minLength: length, maxLength: length });
export const runs = { numRuns: 300 };

/** Sorted places below a limit, each once, as a row or column has them. */
export const places = (n: number, limit: number) =>
  fc.uniqueArray(fc.nat(limit - 1), { minLength: n, maxLength: n }).map((list) => list.sort((a, b) => a - b));

export function changed(word: number, newTag: bigint): number {
  return wordOf(weightIn(word), newTag);
}
