import { EngramError } from '../errors/engram-error.js';

/** Bytes that belong at an address of the chip. */
export interface FlashPiece {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Bytes NOR flash is programmed in. */
export const pageBytes = 256;
/** Bytes NOR flash is erased in. */
export const sectorBytes = 4096;

/**
 * Pieces as aligned pages by address, bytes that no piece names filled with 0xff. Throws E1102 where two pieces want
 * different bytes at one address.
 */
export function pagesOf(pieces: readonly FlashPiece[]): Map<number, Uint8Array<ArrayBuffer>> {
  const pages = new Map<number, Uint8Array<ArrayBuffer>>();
  const named = new Map<number, Uint8Array<ArrayBuffer>>();
  for (const { address, bytes } of pieces) {
    for (let at = 0; at < bytes.length; ) {
      const offset = (address + at) % pageBytes;
      const start = address + at - offset;
      const part = bytes.subarray(at, at + pageBytes - offset);
      const page = pages.get(start) ?? new Uint8Array(pageBytes).fill(0xff);
      const mask = named.get(start) ?? new Uint8Array(pageBytes);
      for (const [n, byte] of part.entries()) {
        if (mask[offset + n] === 1 && page[offset + n] !== byte) throw overlap(start + offset + n);
        page[offset + n] = byte;
        mask[offset + n] = 1;
      }
      pages.set(start, page);
      named.set(start, mask);
      at += part.length;
    }
  }
  return new Map([...pages].sort(([a], [b]) => a - b));
}

/**
 * Pages with those missing from the sectors they stand in added, all but behind the last one. The boot ROM of the
 * RP2040 erases a sector at each 16th block of a UF2 file, counting blocks and not addresses: a sector that is not
 * whole shifts all erasures behind it (erratum RP2040-E14).
 */
export function wholeSectors(pages: ReadonlyMap<number, Uint8Array<ArrayBuffer>>) {
  const last = Math.max(...pages.keys());
  const sectors = new Set([...pages.keys()].map((address) => address - (address % sectorBytes)));
  const filled = new Map<number, Uint8Array<ArrayBuffer>>();
  for (const sector of sectors)
    for (let address = sector; address < sector + sectorBytes && address <= last; address += pageBytes)
      filled.set(address, pages.get(address) ?? new Uint8Array(pageBytes).fill(0xff));
  return filled;
}

/** Pages that follow each other joined into long pieces. */
export function joinPages(pages: ReadonlyMap<number, Uint8Array>): FlashPiece[] {
  const runs: { address: number; parts: Uint8Array[] }[] = [];
  for (const [address, page] of pages) {
    const run = runs.at(-1);
    if (run && run.address + run.parts.length * pageBytes === address) run.parts.push(page);
    else runs.push({ address, parts: [page] });
  }
  return runs.map(({ address, parts }) => {
    const bytes = new Uint8Array(parts.length * pageBytes);
    for (const [n, part] of parts.entries()) bytes.set(part, n * pageBytes);
    return { address, bytes };
  });
}

function overlap(address: number): EngramError {
  return new EngramError(
    'E1102',
    `two parts of the firmware want different bytes at 0x${address.toString(16)}`,
    {
      fix: ['check the load addresses in the linker script'],
      context: { address },
    },
  );
}
