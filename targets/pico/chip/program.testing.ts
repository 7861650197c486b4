import type { FlashPiece } from '../../../src/flash/flash-pages.js';
import { bootChecksum } from './boot-block.js';
import type { RomFunction } from './boot-rom.js';
import { ThumbCode } from './thumb.js';

export const results = 0x20000000;
export const scratch = 0x20001000;
export const stackTop = 0x20040000;
/** Test programs run from RAM, where flash may leave its memory mode under them. */
const runAt = 0x20002000;

/** A test program: instructions, and steps made of them. r7 counts results. */
export class TestProgram extends ThumbCode {
  #labels = 0;

  /** rd = value */
  set(rd: number, value: number): this {
    this.alignWord();
    this.half(0x4800 | (rd << 8)).half(0xe001);
    return this.word(value);
  }

  /** *address = value */
  store(address: number, value: number): this {
    return this.set(0, address).set(1, value).half(0x6001);
  }

  /** r0 = *address */
  load(address: number): this {
    return this.set(0, address).half(0x6800);
  }

  /** Waits until (*address & mask) != 0. */
  until(address: number, mask: number): this {
    const label = `until ${this.#labels++}`;
    this.set(2, address).set(3, mask).label(label);
    return this.half(0x6810).half(0x4218).beq(label);
  }

  /** Keeps r0 as the next result. */
  keep(): this {
    return this.half(0x6038).half(0x3704);
  }

  stop(): this {
    return this.half(0xbe00 | 0xff);
  }
}

/** Calls a function of the boot ROM, found by its code as a program finds it. */
export function callRom(program: TestProgram, name: RomFunction | 'XX', ...words: number[]): TestProgram {
  lookUp(program, name);
  program.mov(4, 0);
  for (const [n, word] of words.entries()) program.set(n, word);
  return program.half(0x47a0); // blx r4
}

/** r0 = entry of the table of functions, by the lookup function of the ROM. */
export function lookUp(program: TestProgram, name: string): TestProgram {
  const code = name.charCodeAt(0) | (name.charCodeAt(1) << 8);
  program.set(3, 0x14);
  program.ldrh(0, 3, 0).ldrh(4, 3, 4);
  return program.set(1, code).half(0x47a0); // blx r4
}

/** A boot block, with its checksum, that lets flash be read by command 03h, and starts what is behind it. */
function bootBlock(): Uint8Array {
  const code = new TestProgram();
  const ssi = 0x18000000;
  const settings: [number, number][] = [
    [0x08, 0],
    [0x14, 4],
    [0x00, (31 << 16) | (3 << 8)],
    [0x04, 0],
    [0xf4, 0x03000218],
    [0x10, 1],
    [0x08, 1],
  ];
  code.half(0xb500); // push {lr}
  for (const [offset, value] of settings) code.store(ssi + offset, value);
  code.half(0xbc01).cmpValue(0, 0).beq('start').bx(0).label('start'); // pop {r0}
  code.load(0x10000104).bx(0);
  const block = new Uint8Array(code.assemble(256).buffer);
  new DataView(block.buffer).setUint32(252, bootChecksum(block), true);
  return block;
}

/** Flash contents that copy a program to RAM and run it with r7 at the results. */
export function flashOf(write: (program: TestProgram) => void): FlashPiece[] {
  const program = new TestProgram();
  write(program);
  program.stop();
  const body = new Uint8Array(program.assemble(Math.ceil(program.here / 4) * 4).buffer);
  const start = new TestProgram();
  start.word(stackTop).word(0x10000109);
  start
    .set(0, 0x10000200)
    .set(1, runAt)
    .set(2, body.length / 4);
  // copy: ldmia r0!, {r3}; stmia r1!, {r3}; subs r2, #1; bne copy
  start.label('copy').half(0xc808).half(0xc108).half(0x3a01).bne('copy');
  start.set(0, stackTop).half(0xf380).half(0x8808); // msr msp, r0
  start
    .set(7, results)
    .set(0, runAt | 1)
    .bx(0);
  return [
    { address: 0x10000000, bytes: bootBlock() },
    { address: 0x10000100, bytes: new Uint8Array(start.assemble(256).buffer) },
    { address: 0x10000200, bytes: body },
  ];
}
