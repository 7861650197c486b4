import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { elfSymbols } from '../../../src/flash/elf-symbols.js';
import { readUf2 } from '../../../src/flash/uf2.js';
import { crc32 } from '../../../src/image/checksum.js';
import { Pico } from './pico.js';

const symbols = elfSymbols(readFileSync(new URL('../engram-pico.elf', import.meta.url)));
const uf2 = readFileSync(new URL('../engram-pico.uf2', import.meta.url));
/** In the arena, which is not in use while there is no image; it is put back all the same. */
const scratch = 0x2003e000;

function started(): Pico {
  const pico = new Pico({ pieces: readUf2(uf2).pieces });
  pico.powerOn();
  // The clocks are up, and the device is on the bus.
  expect(pico.runFor(200e6, () => pico.life.host.device !== null)).toBe(true);
  return pico;
}

test('a function of the running firmware is called from outside, and it goes on undisturbed', () => {
  const pico = started();
  const { life } = pico;
  const bytes = Uint8Array.from({ length: 300 }, (_, n) => n * 7);
  const before = life.chip.sram.slice(scratch - 0x20000000, scratch - 0x20000000 + bytes.length);
  life.chip.sram.set(bytes, scratch - 0x20000000);
  const address = symbols.get('engram_crc32')!;
  // The first call makes a table.
  life.call(address, 0, scratch, 1);
  const [short, long] = [100, 300].map((length) => life.call(address, 0, scratch, length));
  expect(short!.result >>> 0).toBe(crc32(bytes.subarray(0, 100)));
  expect(long!.result >>> 0).toBe(crc32(bytes));
  // Three times the bytes, about three times the cycles.
  expect(long!.cycles / short!.cycles).toBeGreaterThan(2.5);
  expect(long!.cycles / short!.cycles).toBeLessThan(3.2);
  life.chip.sram.set(before, scratch - 0x20000000);
  pico.runFor(20e6);
  expect(pico.state.kind).toBe('running');
  expect(life.host.device).not.toBeNull();
});

test('calls of a function are measured while the firmware runs', () => {
  const pico = started();
  const taken = pico.life.measure(symbols.get('engram_poll')!, 2_000_000);
  expect(taken.length).toBeGreaterThan(1);
  expect(Math.min(...taken)).toBeGreaterThan(10);
  expect(taken.reduce((sum, cycles) => sum + cycles, 0)).toBeLessThan(2_000_000);
});
