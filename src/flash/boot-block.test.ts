import { expect, test } from 'vitest';
import { crc32Mpeg2, sealBootBlock } from './boot-block.js';
import { makeElf } from './elf.testing.js';
import { elfSegments } from './elf-segments.js';

test('the checksum is CRC-32/MPEG-2', () => {
  // Check values of the catalogue of parametrised CRC algorithms (G. Cook) and of nothing at all.
  expect(crc32Mpeg2(Buffer.from('123456789'))).toBe(0x0376e6e7);
  expect(crc32Mpeg2(new Uint8Array(0))).toBe(0xffffffff);
});

test('a sealed boot block and its checksum are a code word: the remainder of both is 0', () => {
  const code = Uint8Array.from({ length: 300 }, (_, n) => (n * 7) & 0xff);
  const elf = makeElf([
    { address: 0x10001000, bytes: Uint8Array.of(1, 2, 3) },
    { address: 0x10000000, bytes: code },
  ]);
  const before = elf.slice();
  sealBootBlock(elf, 0x10000000);
  const [other, sealed] = elfSegments(elf).map(({ bytes }) => bytes);
  const word = sealed!.subarray(252, 256).toReversed();
  expect(crc32Mpeg2(Buffer.concat([sealed!.subarray(0, 252), word]))).toBe(0);
  expect(other).toEqual(Uint8Array.of(1, 2, 3));
  const changed = [...elf.keys()].filter((n) => elf[n] !== before[n]);
  expect(changed.length).toBeLessThanOrEqual(4);
  expect(changed.at(-1)! - changed[0]!).toBeLessThan(4);
});

test('a firmware without a whole boot block is refused', () => {
  const short = makeElf([{ address: 0x10000000, bytes: new Uint8Array(255) }]);
  expect(() => sealBootBlock(short, 0x10000000)).toThrow(/no boot block at 0x10000000/);
  const elsewhere = makeElf([{ address: 0x10000100, bytes: new Uint8Array(512) }]);
  expect(() => sealBootBlock(elsewhere, 0x10000000)).toThrow(/E1102|no boot block/);
});
