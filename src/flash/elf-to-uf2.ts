import { elfSegments } from './elf-segments.js';
import { pagesOf, wholeSectors } from './flash-pages.js';
import { writeUf2 } from './uf2.js';

/** A linked program as a UF2 file for a chip family: 256-byte blocks by physical address. Throws E1102. */
export function uf2FromElf(elf: Uint8Array, familyId: number): Uint8Array<ArrayBuffer> {
  return writeUf2(wholeSectors(pagesOf(elfSegments(elf))), familyId);
}
