import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeElf } from './elf.testing.js';
import { uf2FromElf } from './elf-to-uf2.js';
import { type FlashPiece, pagesOf, wholeSectors } from './flash-pages.js';
import { leftOver } from './left-over.testing.js';
import { NorFlash } from './nor-flash.js';
import { readUf2, writeUf2 } from './uf2.js';
import { blocksOf, feedUf2 } from './uf2-boot-rom.testing.js';

const family = 0xe48bff56;
const base = 0x10000000;

/** Pieces that do not overlap, at any address of the first 256 KB. */
const somePieces = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 20_000 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 6000 }),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => {
    let address = base;
    return parts.map(({ gap, bytes }): FlashPiece => {
      const piece = { address: address + gap, bytes };
      address += gap + bytes.length;
      return piece;
    });
  });

function expectPieces(at: (address: number, length: number) => Uint8Array, pieces: readonly FlashPiece[]) {
  for (const { address, bytes } of pieces)
    expect(Buffer.from(at(address, bytes.length))).toEqual(Buffer.from(bytes));
}

test('what was written is read again, byte for byte', () => {
  fc.assert(
    fc.property(somePieces, (pieces) => {
      const file = writeUf2(pagesOf(pieces), family);
      const read = readUf2(file);
      expect(read.familyId).toBe(family);
      const flash = new NorFlash();
      for (const { address, bytes } of read.pieces) flash.bytes.set(bytes, address - base);
      expectPieces((address, length) => flash.at(address, length), pieces);
      expect(Buffer.from(writeUf2(pagesOf(read.pieces), family))).toEqual(Buffer.from(file));
    }),
  );
});

test('the boot ROM makes of it what was meant, over an older firmware and in any order of blocks', () => {
  fc.assert(
    fc.property(somePieces, fc.integer(), (pieces, seed) => {
      const flash = new NorFlash(512 * 1024, leftOver);
      const blocks = blocksOf(writeUf2(wholeSectors(pagesOf(pieces)), family));
      const shuffled = blocks
        .map((block, n) => ({ block, key: Math.imul(n + 1, seed | 1) }))
        .sort((a, b) => a.key - b.key);
      expect(
        feedUf2(
          flash,
          shuffled.map(({ block }) => block),
          family,
        ),
      ).toBe(true);
      expectPieces((address, length) => flash.at(address, length), pieces);
    }),
    { numRuns: 40 },
  );
});

test('without whole sectors the boot ROM leaves old bits behind: why they are filled', () => {
  const pieces = [0, 4096, 8192].map((offset) => ({
    address: base + offset,
    bytes: new Uint8Array(256).fill(0xa5),
  }));
  const flash = new NorFlash(512 * 1024, leftOver);
  feedUf2(flash, blocksOf(writeUf2(pagesOf(pieces), family)), family);
  expect(Buffer.from(flash.at(base + 4096, 256))).not.toEqual(Buffer.from(pieces[1]!.bytes));
});

test('an ELF program goes where its physical addresses say', () => {
  fc.assert(
    fc.property(somePieces, (pieces) => {
      const { pieces: found, familyId } = readUf2(uf2FromElf(makeElf(pieces), family));
      expect(familyId).toBe(family);
      const flash = new NorFlash();
      for (const { address, bytes } of found) flash.bytes.set(bytes, address - base);
      expectPieces((address, length) => flash.at(address, length), pieces);
      // Nothing but flash: the segment of RAM has no bytes in the file.
      expect(found.every(({ address }) => flash.has(address, 1))).toBe(true);
    }),
  );
});

test('two segments for the same bytes: E1102, unless they agree', () => {
  const of = (byte: number) => ({ address: base + 10, bytes: Uint8Array.of(byte) });
  expect(() => uf2FromElf(makeElf([of(1), of(2)]), family)).toThrow(/different bytes at 0x1000000a/);
  expect(() => uf2FromElf(makeElf([of(1), of(1)]), family)).not.toThrow();
});

describe('a file that is not sound', () => {
  const good = writeUf2(pagesOf([{ address: base, bytes: new Uint8Array(1024).fill(7) }]), family);
  const changed = (at: number, value: number) => {
    const file = good.slice();
    new DataView(file.buffer).setUint32(at, value, true);
    return file;
  };
  test.each([
    ['cut short', good.subarray(0, 700), /700 bytes is not a multiple of 512/],
    ['empty', new Uint8Array(0), /0 bytes/],
    ['first mark', changed(0, 0), /block 0: .*marks/],
    ['last mark', changed(1024 + 508, 0), /block 2: .*marks/],
    ['a block missing', good.slice(512), /block 0: it says it is block 1 of 4, and the file has 3/],
    ['other family in the middle', changed(512 + 28, 0xe48bff59), /block 1: it is for family 0xe48bff59/],
    ['no family', changed(8, 0), /block 0: it names no family/],
    ['payload', changed(1536 + 16, 476), /block 3: its payload has 476 bytes/],
    ['address', changed(12, base + 1), /block 0: its address 0x10000001/],
    ['address twice', changed(512 + 12, base), /block 1: its address 0x10000000 came before/],
    [
      'no flash at all',
      (() => {
        const file = good.slice();
        for (let n = 0; n < 4; n++) new DataView(file.buffer).setUint32(n * 512 + 8, 0x2001, true);
        return file;
      })(),
      /no block for flash/,
    ],
  ])('%s: E1101', (_, file, message) => {
    expect(() => readUf2(file)).toThrow(message);
    expect(() => readUf2(file)).toThrow(expect.objectContaining({ code: 'E1101' }));
  });
});

test.each([
  ['text', new TextEncoder().encode('#include <stdio.h>'.repeat(10)), /mark of ELF/],
  ['64 bits', Uint8Array.from({ length: 64 }, (_, n) => [0x7f, 0x45, 0x4c, 0x46, 2, 1][n] ?? 0), /32-bit/],
  [
    'cut off',
    makeElf([{ address: base, bytes: new Uint8Array(64) }]).subarray(0, 140),
    /segment 0 is cut off/,
  ],
  ['nothing', makeElf([]), /nothing to load/],
])('not a program: %s: E1102', (_, file, message) => {
  expect(() => uf2FromElf(file, family)).toThrow(message);
});
