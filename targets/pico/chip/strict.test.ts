import { expect, test } from 'vitest';
import { outcome, picoWith, run } from './pico.testing.js';
import type { TestProgram } from './program.testing.js';

const resets = { clear: 0x4000f000, done: 0x4000c008 };
const watchdog = 0x40058000;

/** What no firmware may do, and what is said of it. */
const faults: [string, (program: TestProgram) => void, RegExp][] = [
  [
    'a register of a peripheral in reset',
    (p) => p.load(0x40014004),
    /read of IO_BANK0 register 0x04 while it is held in reset/,
  ],
  ['a PLL in reset', (p) => p.store(0x40028008, 125), /write to PLL_SYS .* held in reset/],
  ['an address where nothing is', (p) => p.load(0x30000000), /invalid memory address: 30000000/],
  ['a word that is not aligned', (p) => p.load(0x20000002), /not 32 bit aligned/],
  [
    'a store of a word that is not aligned',
    (p) => p.store(0x20000002, 1),
    /a word is stored at 0x20000002, which is not aligned/,
  ],
  [
    'a register that is not emulated',
    (p) => p.load(0x40060004),
    /read of ROSC register 0x04, which is not emulated/,
  ],
  ['a SIO register that is not emulated', (p) => p.load(0xd0000050), /read of SIO register 0x050/],
  ['a store to ROM', (p) => p.store(0x20, 1).half(0xbf30), /wrote to address 0x00000020, which is ROM/],
  ['the timer before it has ticks', (p) => p.load(0x40054028), /before the watchdog block makes ticks/],
  [
    'clk_sys from a PLL that is off',
    (p) => p.store(0x4000803c, 1),
    /clk_sys is taken from PLL_SYS, whose crystal oscillator is off/,
  ],
  ['clk_ref from a crystal that is off', (p) => p.store(0x40008030, 2), /crystal oscillator, which is off/],
  [
    'the watchdog without a word to what it resets',
    (p) => p.store(watchdog, 0x80000000),
    /PSM WDSEL \(0x00000\) does not have it reset the whole chip/,
  ],
  [
    'USB without its clock',
    (p) => p.store(resets.clear, 1 << 24).store(0x50110040, 1),
    /the USB controller is enabled while clk_usb is off/,
  ],
];

test.each(faults)('%s is a fault', (_, write, message) => {
  const pico = picoWith((program) => {
    write(program);
  });
  run(pico);
  expect(outcome(pico)).toMatch(message);
});

/** Crystal, reference clock, a tick of a microsecond. */
function startTimer(program: TestProgram): TestProgram {
  return program
    .store(0x40024000, 0xfabaa0)
    .until(0x40024004, 0x80000000)
    .store(0x40008030, 2)
    .store(watchdog + 0x2c, 0x200 | 12);
}

test('the timer counts microseconds of the crystal', () => {
  const pico = picoWith((program) => {
    startTimer(program).load(0x40054028).keep();
    // 2000 turns of two instructions, three cycles a turn, at 12 MHz.
    program.set(3, 2000).label('turn').half(0x3b01).bne('turn');
    program.load(0x40054028).keep();
  });
  const [from, to] = run(pico, 2);
  expect(outcome(pico)).toBe('end');
  expect(Math.abs(to! - from! - 500)).toBeLessThan(4);
});

test('an interrupt that is pending wakes the processor though PRIMASK keeps it from being taken', () => {
  const pico = picoWith((program) => {
    startTimer(program);
    program.half(0xb672); // cpsid i
    program.store(0xe000e100, 1).store(0x40054038, 1);
    program.load(0x40054028).adds(0, 100).mov(1, 0).set(0, 0x40054010).half(0x6001);
    program.wfi().load(0x40054028).keep().load(0x40054034).keep();
    // The interrupt is pending still: sleeping again is no sleep.
    program.wfi().load(0x40054028).keep();
  });
  const [woken, raw, again] = run(pico, 3);
  expect(outcome(pico)).toBe('end');
  expect(woken).toBeGreaterThanOrEqual(100);
  expect(woken).toBeLessThan(200);
  expect(raw).toBe(1);
  expect(again! - woken!).toBeLessThan(20);
});

test('a watchdog reset leaves memory, scratch registers and its reason', () => {
  const pico = picoWith((program) => {
    program.load(watchdog + 8).keep();
    program.load(watchdog + 0x0c).keep();
    program.load(0x20020000).keep();
    // Only the first time: the reason is not 0 then.
    program
      .load(watchdog + 8)
      .cmpValue(0, 0)
      .bne('done');
    program
      .store(0x20020000, 0x12345678)
      .store(watchdog + 0x0c, 77)
      .store(0x40010008, 0x1fffc);
    program.store(watchdog, 0x80000000);
    program.label('done');
  });
  const [reason, scratch, memory] = run(pico, 3);
  expect(outcome(pico)).toBe('end');
  expect([reason, scratch, memory]).toEqual([2, 77, 0x12345678]);
});

test('AIRCR resets the chip', () => {
  const pico = picoWith((program) => program.store(0xe000ed0c, 0x05fa0004));
  pico.powerOn();
  const before = pico.boots;
  pico.runFor(50e6, () => pico.boots > before + 2);
  expect(pico.boots).toBeGreaterThan(before + 2);
});
