import type { RP2040 } from 'rp2040js';
import { pageBytes, sectorBytes } from '../../../src/flash/flash-pages.js';
import type { RomFunction } from './boot-rom.js';
import { type Fail, hex } from './fault.js';
import type { IoQspi, XipControl } from './qspi.js';
import type { Resets } from './resets.js';
import { flashTimes, type SpiFlash } from './spi-flash.js';
import type { Ssi } from './ssi.js';

/** What the functions of the boot ROM act on. */
export interface RomWorld {
  readonly chip: RP2040;
  readonly flash: SpiFlash;
  readonly ssi: Ssi;
  readonly qspi: IoQspi;
  readonly xip: XipControl;
  readonly resets: Resets;
  readonly fail: Fail;
  /** Time goes by in the function. */
  pass(nanos: number): void;
  /** Function UB. */
  bootloader(): never;
}

/** Carries out a function of the boot ROM: arguments in r0 … r3, the result in r0. */
export function callRom(name: RomFunction, world: RomWorld): void {
  const { chip, ssi, qspi, xip, flash, resets } = world;
  const { registers } = chip.core;
  const [r0, r1, r2] = registers as unknown as [number, number, number];
  switch (name) {
    case 'P3':
      registers[0] = ones(r0);
      return;
    case 'R3':
      registers[0] = reversed(r0);
      return;
    case 'L3':
      registers[0] = Math.clz32(r0);
      return;
    case 'T3':
      registers[0] = r0 === 0 ? 32 : 31 - Math.clz32(r0 & -r0);
      return;
    case 'MS':
    case 'S4':
      for (let n = 0; n < r2; n++) chip.writeUint8(r0 + n, r1);
      chip.core.cycles += 20 + (r2 >>> 1);
      return;
    case 'MC':
    case 'C4':
      for (let n = 0; n < r2; n++) chip.writeUint8(r0 + n, chip.readUint8(r1 + n));
      chip.core.cycles += 20 + (r2 >>> 1);
      return;
    case 'UB':
      return world.bootloader();
    case 'IF':
      resets.release(['IO_QSPI', 'PADS_QSPI']);
      qspi.connect();
      return;
    case 'EX':
      flash.continuous = false;
      ssi.enterCommandMode();
      // Pull-ups and pull-downs of the exit sequence take effect.
      return world.pass(100_000);
    case 'RE':
      return erase(world, r0, r1, r2);
    case 'RP':
      return program(world, r0, r1, r2);
    case 'FC':
      xip.flush();
      qspi.connect();
      return;
    case 'CX':
      return ssi.enterSlowXip();
  }
}

/** Blocks where they fit, sectors elsewhere, one after the other: a power cut meets the one under way. */
function erase(world: RomWorld, offset: number, count: number, blockBytes: number): void {
  const { flash, xip, fail } = world;
  wantCommandMode(world, 'erase');
  if (offset % sectorBytes !== 0 || count % sectorBytes !== 0)
    fail(`ROM function RE is called for ${hex(offset, 6)} + ${count}, which is not whole sectors`);
  xip.stale = true;
  for (let at = offset; at < offset + count; ) {
    const block = at % blockBytes === 0 && offset + count - at >= blockBytes ? blockBytes : sectorBytes;
    if (![sectorBytes, 8 * sectorBytes, 16 * sectorBytes].includes(block))
      fail(
        `ROM function RE is called with blocks of ${blockBytes} bytes, which the flash chip does not have`,
      );
    flash.erase(at, block);
    world.pass(
      block === sectorBytes
        ? flashTimes.sectorErase
        : block === 8 * sectorBytes
          ? flashTimes.block32Erase
          : flashTimes.block64Erase,
    );
    at += block;
  }
}

function program(world: RomWorld, offset: number, from: number, count: number): void {
  const { chip, flash, xip, fail } = world;
  wantCommandMode(world, 'program');
  if (offset % pageBytes !== 0 || count % pageBytes !== 0)
    fail(`ROM function RP is called for ${hex(offset, 6)} + ${count}, which is not whole pages`);
  if (from >>> 24 === 0x10) fail(`ROM function RP is called with data in flash (${hex(from)})`);
  xip.stale = true;
  for (let at = 0; at < count; at += pageBytes) {
    const page = Uint8Array.from({ length: pageBytes }, (_, n) => chip.readUint8(from + at + n));
    flash.program(offset + at, page);
    world.pass(flashTimes.pageProgram);
  }
}

function wantCommandMode({ ssi, flash, fail }: RomWorld, what: string): void {
  if (!ssi.inCommandMode || flash.continuous)
    fail(`the ROM is asked to ${what} flash before ROM function EX has left XIP`);
}

function ones(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count++;
  return count;
}

function reversed(value: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) result |= ((value >>> bit) & 1) << (31 - bit);
  return result >>> 0;
}
