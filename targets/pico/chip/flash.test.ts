import { expect, test } from 'vitest';
import { FlashMemory } from './flash-memory.js';
import type { Pico } from './pico.js';
import { outcome, picoWith, run } from './pico.testing.js';
import { callRom, scratch, type TestProgram } from './program.testing.js';

const at = 0x80000;
const sector = 4096;

/** What programs do to get at flash, and back. */
function withFlash(program: TestProgram, change: () => void): TestProgram {
  callRom(program, 'IF');
  callRom(program, 'EX');
  change();
  callRom(program, 'FC');
  return callRom(program, 'CX');
}

function programmed(program: TestProgram, values: readonly number[]): void {
  for (const [n, value] of values.entries()) {
    callRom(program, 'MS', scratch + n * 256, value, 256);
  }
  callRom(program, 'RP', at, scratch, values.length * 256);
}

const cells = (pico: Pico, offset: number, length: number) => pico.flash.bytes.slice(offset, offset + length);

test('erase sets bits, program only clears them, and the program sees it', () => {
  const pico = picoWith(
    (program) =>
      withFlash(program, () => {
        callRom(program, 'RE', at, sector, 0x10000, 0xd8);
        programmed(program, [0xf0, 0x0f]);
        callRom(program, 'MS', scratch, 0x3c, 256);
        callRom(program, 'RP', at, scratch, 256);
      })
        .load(0x10000000 + at)
        .keep()
        .load(0x10000000 + at + 256)
        .keep()
        .load(0x10000000 + at + 512)
        .keep(),
    [{ address: 0x10000000 + at, bytes: new Uint8Array(2 * sector).fill(0x77) }],
  );
  expect(run(pico, 3)).toEqual([0x30303030, 0x0f0f0f0f, 0xffffffff]);
  expect(outcome(pico)).toBe('end');
  expect(cells(pico, at + sector, 4)).toEqual(Uint8Array.of(0x77, 0x77, 0x77, 0x77));
});

test('erasing and programming take the time they take', () => {
  const nanos = (change: (program: TestProgram) => void) => {
    const pico = picoWith((program) => withFlash(program, () => change(program)));
    run(pico);
    expect(outcome(pico)).toBe('end');
    return (pico.cycles / 6.5e6) * 1e9;
  };
  const none = nanos(() => {});
  const sectorErase = nanos((program) => callRom(program, 'RE', at, sector, 0x10000, 0xd8)) - none;
  const blockErase = nanos((program) => callRom(program, 'RE', at, 0x10000, 0x10000, 0xd8)) - none;
  const page = nanos((program) => callRom(program, 'RP', at, scratch, 256)) - none;
  expect(sectorErase / 1e6).toBeCloseTo(45, 0);
  expect(blockErase / 1e6).toBeCloseTo(150, 0);
  expect(page / 1e6).toBeCloseTo(0.4, 1);
});

const wrong: [string, (program: TestProgram) => void, RegExp][] = [
  [
    'erase of part of a sector',
    (p) => withFlash(p, () => callRom(p, 'RE', at + 256, sector, 1 << 30, 0x20)),
    /not whole sectors/,
  ],
  [
    'program of part of a page',
    (p) => withFlash(p, () => callRom(p, 'RP', at + 16, scratch, 256)),
    /not whole pages/,
  ],
  [
    'erase beyond the end',
    (p) => withFlash(p, () => callRom(p, 'RE', 0x200000, sector, 1 << 30, 0x20)),
    /outside the 2097152 bytes/,
  ],
  ['program before EX', (p) => callRom(p, 'RP', at, scratch, 256), /before ROM function EX/],
  ['data in flash', (p) => withFlash(p, () => callRom(p, 'RP', at, 0x10000000, 256)), /data in flash/],
  [
    'reading flash in command mode',
    (p) => {
      callRom(p, 'EX');
      p.load(0x10000000).keep();
    },
    /flash is read at 0x10000000 while it is not memory: XIP_SSI is in command mode/,
  ],
  [
    'no flush before reading',
    (p) => {
      callRom(p, 'EX');
      callRom(p, 'RP', at, scratch, 256);
      callRom(p, 'CX');
    },
    /without flushing the XIP cache/,
  ],
  ['a store to flash', (p) => p.store(0x10000000 + at, 1), /writes to flash memory at 0x10080000/],
];

test.each(wrong)('%s is a fault', (_, write, message) => {
  const pico = picoWith((program) => {
    write(program);
  });
  run(pico);
  expect(outcome(pico)).toMatch(message);
});

test('power fails in the middle of an erase: the sector holds neither the old nor the new', () => {
  const pico = picoWith(
    (program) => withFlash(program, () => callRom(program, 'RE', at, 2 * sector, 1 << 30, 0x20)),
    [{ address: 0x10000000 + at, bytes: new Uint8Array(2 * sector) }],
  );
  pico.flash.cutAfter(sector + 100);
  run(pico);
  expect(outcome(pico)).toBe('off');
  expect(cells(pico, at, sector).every((byte) => byte === 0xff)).toBe(true);
  const half = cells(pico, at + sector, sector);
  const ones = half.filter((byte) => byte === 0xff).length;
  expect(ones).toBeLessThan(200);
  expect(half.filter((byte) => byte === 0).length).toBeLessThan(200);
});

test('power fails in the middle of a program: bits are cleared in part, none is set', () => {
  const pico = picoWith((program) => withFlash(program, () => programmed(program, [0, 0])));
  pico.flash.cutAfter(256 + 10);
  run(pico);
  expect(outcome(pico)).toBe('off');
  expect(cells(pico, at, 266).every((byte) => byte === 0)).toBe(true);
  const rest = cells(pico, at + 266, 246);
  expect(new Set(rest).size).toBeGreaterThan(50);
  // With the power back the chip starts, and flash is as it was left.
  const left = cells(pico, at, 512);
  run(pico);
  expect(cells(pico, at, 512).every((byte, n) => (byte & ~left[n]!) === 0)).toBe(true);
});

test('a cut that did not come is forgotten when the power is turned off', () => {
  const pico = picoWith((program) => withFlash(program, () => programmed(program, [0, 0])));
  pico.flash.cutAfter(1000);
  pico.powerOn();
  pico.powerOff();
  for (let n = 0; n < 3; n++) run(pico);
  expect(outcome(pico)).toBe('end');
});

test('cells keep what was programmed before the cut, byte for byte', () => {
  for (let bytes = 0; bytes < 256; bytes += 17) {
    const memory = new FlashMemory(bytes);
    memory.cutAfter(bytes);
    expect(() => memory.programPage(0x10000000, new Uint8Array(256))).toThrow('the power failed');
    expect(memory.at(0x10000000, bytes).every((byte) => byte === 0)).toBe(true);
  }
});

test('the unique number is read with command 4Bh over the serial interface', () => {
  const pico = picoWith((program) => {
    const [ssi, select] = [0x18000000, 0x4001800c];
    callRom(program, 'EX');
    program.store(select, 2 << 8);
    for (let n = 0; n < 13; n++) {
      program.store(ssi + 0x60, n === 0 ? 0x4b : 0).load(ssi + 0x60);
      if (n >= 5) program.keep();
    }
    program.store(select, 3 << 8);
  });
  const read = run(pico, 8);
  expect(outcome(pico)).toBe('end');
  expect(Uint8Array.from(read)).toEqual(pico.uniqueId);
});
