import { pageBytes, sectorBytes } from '../../../src/flash/flash-pages.js';
import { NorFlash } from '../../../src/flash/nor-flash.js';
import { PowerCut } from './fault.js';

/** Cells of the board's flash. Power may fail in the middle of an operation, which then stays half done. */
export class FlashMemory extends NorFlash {
  /** Bytes erased or programmed so far. */
  changed = 0;
  #left = Number.POSITIVE_INFINITY;
  #noise: number;

  constructor(seed = 1, bytes = 2 * 1024 * 1024) {
    super(bytes);
    this.#noise = seed | 1;
  }

  /** Power fails after so many more bytes. Throws PowerCut from the operation that is under way then. */
  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  override eraseSector(address: number): void {
    const before = this.at(address, sectorBytes);
    const whole = this.#spend(sectorBytes);
    super.eraseSector(address);
    if (whole) return;
    // Every cell was on its way: some have arrived, some have not moved.
    const offset = address - this.start;
    for (let n = 0; n < sectorBytes; n++) this.bytes[offset + n] = before[n]! | this.#random();
    throw new PowerCut();
  }

  override programPage(address: number, data: Uint8Array): void {
    const room = Math.max(0, Math.min(this.#left, pageBytes));
    if (this.#spend(data.length)) return super.programPage(address, data);
    // Bytes before the cut arrived, the rest in part.
    const part = data.map((byte, n) => (n < room ? byte : byte | this.#random()));
    super.programPage(address, part);
    throw new PowerCut();
  }

  /** Whether the power lasts for so many bytes. */
  #spend(bytes: number): boolean {
    this.changed += bytes;
    const lasts = this.#left >= bytes;
    this.#left = lasts ? this.#left - bytes : Number.POSITIVE_INFINITY;
    return lasts;
  }

  #random(): number {
    let x = this.#noise;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#noise = x;
    return (x >>> 8) & 0xff;
  }
}
