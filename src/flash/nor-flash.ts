import { pageBytes, sectorBytes } from './flash-pages.js';

/** NOR flash memory as chips have it: erasing sets bits, programming only clears them. */
export class NorFlash {
  readonly start = 0x10000000;
  readonly bytes: Uint8Array;

  /** `fill`: what an earlier firmware left. */
  constructor(size = 2 * 1024 * 1024, fill?: (offset: number) => number) {
    this.bytes = new Uint8Array(size).fill(0xff);
    if (fill) for (let offset = 0; offset < size; offset++) this.bytes[offset] = fill(offset);
  }

  has(address: number, length: number): boolean {
    return address >= this.start && address + length <= this.start + this.bytes.length;
  }

  eraseSector(address: number): void {
    const offset = address - this.start;
    if (offset % sectorBytes !== 0) throw new Error('sector is not aligned');
    this.bytes.fill(0xff, offset, offset + sectorBytes);
  }

  programPage(address: number, data: Uint8Array): void {
    const offset = address - this.start;
    if (offset % pageBytes !== 0 || data.length > pageBytes) throw new Error('page is not aligned');
    for (const [n, byte] of data.entries()) this.bytes[offset + n]! &= byte;
  }

  at(address: number, length: number): Uint8Array {
    return this.bytes.slice(address - this.start, address - this.start + length);
  }
}
