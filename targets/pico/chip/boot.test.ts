import { expect, test } from 'vitest';
import { crc32FromTop, whyNotBoot } from './boot-block.js';
import { romFunctions } from './boot-rom.js';
import { Pico } from './pico.js';
import { outcome, picoWith, run } from './pico.testing.js';
import { callRom, flashOf, lookUp, scratch } from './program.testing.js';

test('starts what is behind a sound boot block, at the ring oscillator, with the stack the ROM leaves', () => {
  const pico = picoWith((program) => {
    program.load(0x40008044).keep(); // CLOCKS CLK_SYS_SELECTED: the reference clock
    program.load(0x4000c008).keep(); // RESETS RESET_DONE
  });
  pico.powerOn();
  expect(pico.life.chip.core.SP).toBeLessThan(0x20041f00);
  expect(pico.life.chip.core.SP).toBeGreaterThan(0x20041e00);
  expect(pico.life.chip.core.LR).toBe(0);
  expect(pico.life.chip.clkSys).toBe(6.5e6);
  const [selected, released] = run(pico);
  expect(outcome(pico)).toBe('end');
  expect(selected).toBe(1);
  // IO_QSPI, PADS_QSPI and TIMER.
  expect(released).toBe((1 << 6) | (1 << 9) | (1 << 21));
});

test('the same program counts the same cycles each time', () => {
  const cycles = [1, 2].map(() => {
    const pico = picoWith((program) => callRom(program, 'EX'));
    run(pico);
    return pico.cycles;
  });
  expect(cycles[0]).toBe(cycles[1]);
});

test('memory after power-up is neither zero nor ones', () => {
  const pico = picoWith(() => {});
  pico.powerOn();
  const memory = pico.life.chip.sram.subarray(0x8000, 0x10000);
  const counts = new Uint32Array(256);
  for (const byte of memory) counts[byte]!++;
  expect(Math.max(...counts) / memory.length).toBeLessThan(0.02);
  expect(Math.min(...counts)).toBeGreaterThan(0);
});

test('a boot block with any bit wrong is refused', () => {
  const [block] = flashOf(() => {});
  expect(whyNotBoot(block!.bytes)).toBeNull();
  for (let bit = 0; bit < 2048; bit += 7) {
    const wrong = block!.bytes.slice();
    wrong[bit >> 3]! ^= 1 << (bit & 7);
    expect(whyNotBoot(wrong)).toMatch(/^the checksum of the boot block is 0x/);
  }
  const pico = picoWith(() => {}, [{ address: 0x10000040, bytes: Uint8Array.of(1) }]);
  pico.powerOn();
  expect(outcome(pico)).toMatch(/^bootloader: the checksum/);
});

test('the checksum is the one the data sheet names', () => {
  // The check value of CRC-32/MPEG-2 in catalogues of such sums.
  expect(crc32FromTop(new TextEncoder().encode('123456789'))).toBe(0x0376e6e7);
});

test('empty flash, and the button, lead into the bootloader', () => {
  const empty = new Pico();
  empty.powerOn();
  expect(outcome(empty)).toBe('bootloader: flash is empty');
  const pico = picoWith(() => {});
  pico.powerOn({ bootsel: true });
  expect(outcome(pico)).toBe('bootloader: the button BOOTSEL is held');
});

test('the tables stand where programs look for them', () => {
  const pico = picoWith((program) => {
    program.load(0x10).keep();
    for (const name of romFunctions) lookUp(program, name).keep();
    lookUp(program, 'XX').keep();
  });
  const [magic, ...found] = run(pico, romFunctions.length + 2);
  expect(outcome(pico)).toBe('end');
  expect(magic! & 0xffffff).toBe(0x01754d);
  const missing = found.pop();
  expect(missing).toBe(0);
  expect(found.every((address) => address > 0 && address < 0x4000 && (address & 1) === 1)).toBe(true);
  expect(new Set(found).size).toBe(romFunctions.length);
});

test('functions that need no flash', () => {
  const pico = picoWith((program) => {
    callRom(program, 'P3', 0xf000000f).keep();
    callRom(program, 'R3', 0x00000013).keep();
    callRom(program, 'L3', 0x00010000).keep();
    callRom(program, 'T3', 0x00010000).keep();
    callRom(program, 'MS', scratch, 0x5a, 5);
    callRom(program, 'MC', scratch + 8, scratch, 4);
    program.load(scratch + 8).keep();
  });
  expect(run(pico).slice(0, 5)).toEqual([8, 0xc8000000, 15, 16, 0x5a5a5a5a]);
  expect(outcome(pico)).toBe('end');
});

test('function UB leads into the bootloader', () => {
  const pico = picoWith((program) => callRom(program, 'UB', 0, 0));
  run(pico);
  expect(outcome(pico)).toBe('bootloader: the firmware asked for it');
});
