import { ThumbCode } from './thumb.js';

const romBytes = 16 * 1024;
/** Functions that the emulator carries out, by their code in the table of the ROM (data sheet 2.8.3). */
export const romFunctions = [
  'P3', // count of ones
  'R3', // bits reversed
  'L3', // leading zeros
  'T3', // trailing zeros
  'MS', // memset
  'S4', // memset, words
  'MC', // memcpy
  'C4', // memcpy, words
  'UB', // reset into the USB bootloader
  'IF', // connect flash
  'EX', // leave XIP
  'RE', // erase a range
  'RP', // program a range
  'FC', // flush the cache, release the chip-select line
  'CX', // enter XIP by command 03h
] as const;

export type RomFunction = (typeof romFunctions)[number];

/** Where the boot block is copied to and run: the end of SRAM bank 5. */
export const bootBlockAddress = 0x20041f00;
export const bootBlockBytes = 256;

export interface BootRom {
  readonly words: Uint32Array<ArrayBuffer>;
  /** The function whose breakpoint has this number. */
  functionOf(breakpoint: number): RomFunction | null;
  /** Address, Thumb bit set, of what runs when a program returns from where the ROM called it. */
  readonly end: number;
}

/**
 * A stand-in for the boot ROM: vectors, the two tables and the lookup function where silicon has them (data sheet 2.8.2,
 * 2.8.3). Each function of the table is a breakpoint that the emulator answers, and a return. The code is our own; what
 * the ROM does at start-up is in start-up.ts.
 */
export function buildBootRom(): BootRom {
  const code = new ThumbCode();
  // Stack, reset, NMI, hard fault; the emulator starts where it wants.
  code.word(bootBlockAddress).word(0).word(0).word(0);
  code.half('M'.charCodeAt(0) | ('u'.charCodeAt(0) << 8)).half(1 | (1 << 8));
  const pointers = code.here;
  code.half(0).half(0).half(0).half(0);

  // r0: table, r1: code. Gives the entry, or 0.
  code.label('lookup').ldrh(2, 0, 0).cmpValue(2, 0).beq('none').cmp(2, 1).beq('found').adds(0, 4).b('lookup');
  code.label('found').ldrh(0, 0, 2).bxLr();
  code.label('none').movs(0, 0).bxLr();
  code.label('end').wfi().b('end');
  for (const [n, name] of romFunctions.entries()) code.label(name).bkpt(n).bxLr();

  code.alignWord().label('functions');
  for (const name of romFunctions) code.half(codeOf(name)).half(code.addressOf(name) | 1);
  code.half(0);
  code.alignWord().label('revision').word(0);
  code.label('data').half(codeOf('GR')).half(code.addressOf('revision')).half(0);

  const words = code.assemble(romBytes);
  const halves = new Uint16Array(words.buffer);
  halves[pointers / 2] = code.addressOf('functions');
  halves[pointers / 2 + 1] = code.addressOf('data');
  halves[pointers / 2 + 2] = code.addressOf('lookup') | 1;
  // What an exception without a handler runs into: the vectors of NMI and hard fault.
  words[1] = words[2] = words[3] = code.addressOf('end') | 1;
  return {
    words,
    functionOf: (breakpoint) => romFunctions[breakpoint] ?? null,
    end: code.addressOf('end') | 1,
  };
}

function codeOf(name: string): number {
  return name.charCodeAt(0) | (name.charCodeAt(1) << 8);
}
