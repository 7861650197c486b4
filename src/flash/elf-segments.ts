import { EngramError } from '../errors/engram-error.js';
import type { FlashPiece } from './flash-pages.js';

const loadable = 1;
const programHeaderBytes = 32;

/**
 * What an ELF file of a 32-bit little-endian ARM program puts into memory: its loadable segments by physical address,
 * without those that have no bytes in the file. Throws E1102.
 */
export function elfSegments(elf: Uint8Array): FlashPiece[] {
  if (elf.length < 52 || elf[0] !== 0x7f || elf[1] !== 0x45 || elf[2] !== 0x4c || elf[3] !== 0x46)
    throw unfit('it does not begin with the mark of ELF');
  if (elf[4] !== 1 || elf[5] !== 1) throw unfit('it is not 32-bit little-endian');
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const [type, machine] = [view.getUint16(16, true), view.getUint16(18, true)];
  if (type !== 2 || machine !== 40) throw unfit('it is not a linked program for ARM');
  const [start, size, count] = [view.getUint32(28, true), view.getUint16(42, true), view.getUint16(44, true)];
  if (size !== programHeaderBytes || start + count * size > elf.length)
    throw unfit('its program headers are cut off');
  const segments: FlashPiece[] = [];
  for (let n = 0; n < count; n++) {
    const word = (field: number) => view.getUint32(start + n * size + field * 4, true);
    const [kind, offset, address, bytes] = [word(0), word(1), word(3), word(4)];
    if (kind !== loadable || bytes === 0) continue;
    if (offset + bytes > elf.length) throw unfit(`segment ${n} is cut off`);
    segments.push({ address, bytes: elf.subarray(offset, offset + bytes) });
  }
  if (segments.length === 0) throw unfit('it has nothing to load');
  return segments;
}

function unfit(reason: string): EngramError {
  return new EngramError('E1102', `not a firmware in ELF form: ${reason}`, {
    fix: ['name the .elf file that the linker wrote, or use the shipped firmware'],
  });
}
