import { pageBytes, sectorBytes } from './flash-pages.js';
import type { NorFlash } from './nor-flash.js';
import { uf2BlockBytes } from './uf2.js';

/**
 * The drive of the RP2040's boot ROM, as far as UF2 goes: blocks may come in any order; a sector is erased when the
 * first block of its sixteen comes, where sixteen are counted by block number and not by address. Gives whether all
 * blocks came, so that it reboots.
 */
export function feedUf2(flash: NorFlash, blocks: readonly Uint8Array[], familyId: number): boolean {
  const seen = new Set<number>();
  const cleared = new Set<number>();
  let total = 0;
  for (const block of blocks) {
    const view = new DataView(block.buffer, block.byteOffset, uf2BlockBytes);
    const word = (at: number) => view.getUint32(at, true);
    if (word(0) !== 0x0a324655 || word(4) !== 0x9e5d5157 || word(508) !== 0x0ab16f30) continue;
    if ((word(8) & 0x2001) !== 0x2000 || word(28) !== familyId || word(16) !== pageBytes) continue;
    const [address, number] = [word(12), word(20)];
    total = word(24);
    if (!flash.has(address, pageBytes) || address % pageBytes !== 0 || seen.has(number)) continue;
    const group = Math.floor((number * pageBytes) / sectorBytes);
    if (!cleared.has(group)) flash.eraseSector(address - (address % sectorBytes));
    cleared.add(group);
    seen.add(number);
    flash.programPage(address, block.subarray(32, 32 + pageBytes));
  }
  return total > 0 && seen.size === total;
}

export function blocksOf(uf2: Uint8Array): Uint8Array[] {
  return Array.from({ length: uf2.length / uf2BlockBytes }, (_, n) =>
    uf2.slice(n * uf2BlockBytes, (n + 1) * uf2BlockBytes),
  );
}
