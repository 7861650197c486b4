import { EngramError } from '../errors/engram-error.js';
import { pageBytes, sectorBytes } from './flash-pages.js';
import type { Picoboot } from './picoboot.js';

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Share done, 0 … 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** The sector the boot ROM looks at to see whether there is a program. */
export const bootSector = 0x10000000;

interface Sector {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/**
 * Brings pages into flash: sectors that hold them already are passed over, all others erased, written and read back.
 * If the boot sector is among them it is erased first and written last, so that a board whose flashing broke off
 * starts its boot ROM again. Throws E1104, E1105 (flash differs after writing), E0104 (aborted).
 */
export async function writeByPicoboot(
  picoboot: Picoboot,
  pages: ReadonlyMap<number, Uint8Array>,
  { signal, onProgress = () => {} }: WriteOptions = {},
): Promise<{ written: number; same: number }> {
  await picoboot.exclusiveAccess();
  await picoboot.exitXip();
  const sectors = sectorsOf(pages);
  const different: Sector[] = [];
  // Reading takes about a tenth of the time that erasing and writing do.
  const readShare = 0.1;
  for (const [n, sector] of sectors.entries()) {
    check(signal);
    if (!(await holds(picoboot, sector))) different.push(sector);
    onProgress(((n + 1) / sectors.length) * readShare);
  }
  const boot = sectors.find(({ address }) => address === bootSector);
  const order = different.filter((sector) => sector !== boot);
  if (boot && different.length > 0) {
    await picoboot.erase(boot.address, sectorBytes);
    order.push(boot);
  }
  for (const [n, sector] of order.entries()) {
    check(signal);
    await writeSector(picoboot, sector);
    onProgress(readShare + ((n + 1) / order.length) * (1 - readShare));
  }
  onProgress(1);
  return { written: order.length, same: sectors.length - order.length };
}

/** Sectors with what belongs into them; what no page says is as erased. */
function sectorsOf(pages: ReadonlyMap<number, Uint8Array>): Sector[] {
  const sectors = new Map<number, Uint8Array>();
  for (const [address, page] of pages) {
    const offset = address % sectorBytes;
    const start = address - offset;
    const bytes = sectors.get(start) ?? new Uint8Array(sectorBytes).fill(0xff);
    bytes.set(page.subarray(0, pageBytes), offset);
    sectors.set(start, bytes);
  }
  return [...sectors].map(([address, bytes]) => ({ address, bytes }));
}

async function writeSector(picoboot: Picoboot, sector: Sector): Promise<void> {
  await picoboot.erase(sector.address, sectorBytes);
  await picoboot.write(sector.address, sector.bytes);
  const found = await picoboot.read(sector.address, sectorBytes);
  const at = found.findIndex((byte, n) => byte !== sector.bytes[n]);
  if (at < 0) return;
  throw new EngramError('E1105', `flash differs at 0x${(sector.address + at).toString(16)} after writing`, {
    facts: [
      ['written', `0x${sector.bytes[at]!.toString(16)}`],
      ['read', `0x${found[at]!.toString(16)}`],
    ],
    fix: ['repeat; if it differs there again, the flash memory of the board is worn'],
    context: { address: sector.address + at },
  });
}

async function holds(picoboot: Picoboot, { address, bytes }: Sector): Promise<boolean> {
  const found = await picoboot.read(address, sectorBytes);
  return found.every((byte, n) => byte === bytes[n]);
}

function check(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new EngramError('E0104', 'flashing was interrupted', {
    fix: ['call engram flash again: the board waits in its bootloader'],
  });
}
