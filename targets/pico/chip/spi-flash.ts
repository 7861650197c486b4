import { pageBytes, sectorBytes } from '../../../src/flash/flash-pages.js';
import { type Fail, hex } from './fault.js';
import type { FlashMemory } from './flash-memory.js';

/** Typical times of a W25Q16JV at 3.3 V, in nanoseconds (its data sheet, 9.6). */
export const flashTimes = {
  sectorErase: 45e6,
  block32Erase: 120e6,
  block64Erase: 150e6,
  pageProgram: 0.4e6,
  statusWrite: 10e6,
} as const;

const commands = {
  writeStatus1: 0x01,
  pageProgram: 0x02,
  read: 0x03,
  writeDisable: 0x04,
  readStatus1: 0x05,
  writeEnable: 0x06,
  fastRead: 0x0b,
  sectorErase: 0x20,
  writeStatus2: 0x31,
  readStatus2: 0x35,
  readUniqueId: 0x4b,
  writeEnableVolatile: 0x50,
  block32Erase: 0x52,
  readJedec: 0x9f,
  resetEnable: 0x66,
  reset: 0x99,
  block64Erase: 0xd8,
  quadRead: 0xeb,
} as const;

const busy = 1;
const writeEnabled = 2;
const quadEnable = 2;
const jedecId = [0xef, 0x40, 0x15] as const;

/**
 * A W25Q16JV, the flash chip of a Pico, as far as it is spoken to byte by byte: identification, status, erasing,
 * programming. Reading at full speed is the XIP hardware's, see Ssi.
 */
export class SpiFlash {
  readonly memory: FlashMemory;
  /** Kept without power; off in a chip as it leaves the factory. */
  quad = false;
  /** It expects addresses without a command, since a quad read with mode bits 0xa0. */
  continuous = false;
  readonly #uniqueId: Uint8Array;
  readonly #fail: Fail;
  readonly #now: () => number;
  #writeEnabled = false;
  #busyUntil = 0;
  #bytes: number[] = [];

  /** `uniqueId`: eight bytes; `now`: emulated nanoseconds. */
  constructor(memory: FlashMemory, uniqueId: Uint8Array, now: () => number, fail: Fail) {
    this.memory = memory;
    this.#uniqueId = uniqueId;
    this.#now = now;
    this.#fail = fail;
  }

  get isBusy(): boolean {
    return this.#now() < this.#busyUntil;
  }

  /** The chip-select line goes low. */
  select(): void {
    this.#bytes = [];
  }

  /** One byte out, one byte in. */
  transfer(byte: number): number {
    const at = this.#bytes.push(byte) - 1;
    // Ones on all lines end continuous reading.
    if (this.continuous) {
      if (byte === 0xff) this.continuous = false;
      return 0xff;
    }
    const [command] = this.#bytes;
    if (at === 0) return 0xff;
    if (this.isBusy && command !== commands.readStatus1)
      this.#fail(`flash command ${hex(command!, 2)} while the flash is busy`);
    switch (command) {
      case commands.readStatus1:
        return (this.isBusy ? busy : 0) | (this.#writeEnabled ? writeEnabled : 0);
      case commands.readStatus2:
        return this.quad ? quadEnable : 0;
      case commands.readJedec:
        return jedecId[(at - 1) % jedecId.length]!;
      case commands.readUniqueId:
        return at < 5 ? 0xff : this.#uniqueId[(at - 5) % 8]!;
      case commands.read:
        return at < 4 ? 0xff : this.#read(at - 4);
      case commands.fastRead:
        return at < 5 ? 0xff : this.#read(at - 5);
      default:
        return 0xff;
    }
  }

  /** The chip-select line goes high, which starts what was commanded. */
  deselect(): void {
    const bytes = this.#bytes;
    this.#bytes = [];
    const [command] = bytes;
    if (command === undefined || this.continuous || command === 0xff) return;
    const address = ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    switch (command) {
      case commands.writeEnable:
      case commands.writeEnableVolatile:
        this.#writeEnabled = true;
        return;
      case commands.writeDisable:
        this.#writeEnabled = false;
        return;
      case commands.writeStatus1:
        return this.#writeStatus(bytes[2]);
      case commands.writeStatus2:
        return this.#writeStatus(bytes[1]);
      case commands.sectorErase:
        return this.#operate(() => this.erase(address, sectorBytes), flashTimes.sectorErase);
      case commands.block32Erase:
        return this.#operate(() => this.erase(address, 8 * sectorBytes), flashTimes.block32Erase);
      case commands.block64Erase:
        return this.#operate(() => this.erase(address, 16 * sectorBytes), flashTimes.block64Erase);
      case commands.pageProgram:
        return this.#operate(
          () => this.program(address, Uint8Array.from(bytes.slice(4))),
          flashTimes.pageProgram,
        );
      case commands.readStatus1:
      case commands.readStatus2:
      case commands.readJedec:
      case commands.readUniqueId:
      case commands.read:
      case commands.fastRead:
      case commands.resetEnable:
      case commands.reset:
        return;
      default:
        this.#fail(`flash command ${hex(command, 2)}, which is not emulated`);
    }
  }

  /** Quad read with mode bits, as the XIP hardware sends it once to enter continuous reading. */
  quadRead(modeBits: number): void {
    if (this.isBusy) this.#fail('quad read while the flash is busy');
    if (!this.quad) this.#fail('quad read from a flash chip whose bit QE is not set');
    this.continuous = (modeBits & 0x30) === 0x20;
  }

  /** Erases sectors by offset. */
  erase(offset: number, bytes: number): void {
    if (offset % sectorBytes !== 0 || bytes % sectorBytes !== 0)
      this.#fail(`erase of ${hex(offset, 6)} + ${bytes}, which is not whole sectors of ${sectorBytes} bytes`);
    this.#checkRange('erase', offset, bytes);
    for (let at = 0; at < bytes; at += sectorBytes) this.memory.eraseSector(this.memory.start + offset + at);
  }

  /** Programs up to a page by offset. */
  program(offset: number, data: Uint8Array): void {
    if (offset % pageBytes !== 0 || data.length > pageBytes || data.length === 0)
      this.#fail(
        `program of ${hex(offset, 6)} + ${data.length}, which is not one page of ${pageBytes} bytes`,
      );
    this.#checkRange('program', offset, data.length);
    this.memory.programPage(this.memory.start + offset, data);
  }

  #checkRange(what: string, offset: number, bytes: number): void {
    if (!this.memory.has(this.memory.start + offset, bytes))
      this.#fail(
        `${what} of ${hex(offset, 6)} + ${bytes}, outside the ${this.memory.bytes.length} bytes of flash`,
      );
  }

  #operate(run: () => void, nanos: number): void {
    if (!this.#writeEnabled) this.#fail('flash is erased or programmed without write enable');
    this.#writeEnabled = false;
    this.#busyUntil = this.#now() + nanos;
    run();
  }

  #writeStatus(status2: number | undefined): void {
    this.#operate(() => {
      if (status2 !== undefined) this.quad = (status2 & quadEnable) !== 0;
    }, flashTimes.statusWrite);
  }

  #read(index: number): number {
    const [, high, middle, low] = this.#bytes;
    const { bytes } = this.memory;
    return bytes[(((high! << 16) | (middle! << 8) | low!) + index) % bytes.length]!;
  }
}
