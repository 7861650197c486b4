import { EngramError } from '../errors/engram-error.js';
import { type FlashPiece, joinPages, pageBytes } from './flash-pages.js';

/** Bytes of a block in the file: header, up to 476 bytes of payload, end mark. */
export const uf2BlockBytes = 512;

const magicStart = [0x0a324655, 0x9e5d5157] as const;
const magicEnd = 0x0ab16f30;
const flags = { notMainFlash: 0x0001, fileContainer: 0x1000, familyId: 0x2000 } as const;
const payloadAt = 32;

/** What a UF2 file says: where bytes go, and which chips it is for. */
export interface Uf2 {
  readonly familyId: number;
  readonly pieces: FlashPiece[];
}

/** Pages as a UF2 file, in the order they come. `familyId` names the chip; a boot ROM passes over files of others. */
export function writeUf2(pages: ReadonlyMap<number, Uint8Array>, familyId: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(pages.size * uf2BlockBytes);
  const view = new DataView(file.buffer);
  let number = 0;
  for (const [address, page] of pages) {
    const at = number * uf2BlockBytes;
    const header = [...magicStart, flags.familyId, address, pageBytes, number, pages.size, familyId];
    for (const [n, word] of header.entries()) view.setUint32(at + n * 4, word, true);
    file.set(page, at + payloadAt);
    view.setUint32(at + uf2BlockBytes - 4, magicEnd, true);
    number++;
  }
  return file;
}

/**
 * Reads a UF2 file: all its blocks, in their order, of one family, each a page at an aligned address. Blocks marked
 * "not main flash" carry no firmware and are passed over. Throws E1101.
 */
export function readUf2(file: Uint8Array): Uf2 {
  if (file.length === 0 || file.length % uf2BlockBytes !== 0)
    throw damaged(`its length of ${file.length} bytes is not a multiple of ${uf2BlockBytes}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const total = file.length / uf2BlockBytes;
  const pages = new Map<number, Uint8Array>();
  let family: number | null = null;
  for (let number = 0; number < total; number++) {
    const at = number * uf2BlockBytes;
    const word = (n: number) => view.getUint32(at + n * 4, true);
    const broken = (reason: string) => damaged(`block ${number}: ${reason}`);
    if (word(0) !== magicStart[0] || word(1) !== magicStart[1] || word(127) !== magicEnd)
      throw broken('it does not begin and end with the marks of UF2');
    if (word(5) !== number || word(6) !== total)
      throw broken(`it says it is block ${word(5)} of ${word(6)}, and the file has ${total}`);
    if ((word(2) & flags.notMainFlash) !== 0) continue;
    if ((word(2) & flags.fileContainer) !== 0) throw broken('it holds a file, not memory');
    if ((word(2) & flags.familyId) === 0) throw broken('it names no family of chips');
    if (family !== null && family !== word(7))
      throw broken(`it is for family ${hex(word(7))}, blocks before for ${hex(family)}`);
    if (word(4) !== pageBytes) throw broken(`its payload has ${word(4)} bytes, not ${pageBytes}`);
    const address = word(3);
    if (address % pageBytes !== 0)
      throw broken(`its address ${hex(address)} is not a multiple of ${pageBytes}`);
    if (pages.has(address)) throw broken(`its address ${hex(address)} came before`);
    family = word(7);
    pages.set(address, file.slice(at + payloadAt, at + payloadAt + pageBytes));
  }
  if (family === null) throw damaged('it holds no block for flash memory');
  return { familyId: family, pieces: joinPages(pages) };
}

function damaged(reason: string): EngramError {
  return new EngramError('E1101', `not a sound UF2 file: ${reason}`, {
    fix: ['take the file whole again, or make it: engram flash --out engram.uf2'],
  });
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
