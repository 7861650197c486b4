import { EngramError } from '../errors/engram-error.js';
import { elfSegments } from './elf-segments.js';
import { type FlashPiece, pagesOf } from './flash-pages.js';
import { readUf2 } from './uf2.js';

/** A firmware, as bytes at addresses. */
export interface Firmware {
  readonly pieces: readonly FlashPiece[];
  /** Family of chips it says it is for; null where its form says none (ELF). */
  readonly familyId: number | null;
}

/** Reads a firmware file by its content: UF2 or ELF. Throws E1101, E1102. */
export function readFirmware(name: string, bytes: Uint8Array): Firmware {
  const mark = String.fromCharCode(...bytes.subarray(0, 4));
  if (mark === 'UF2\n') {
    const { pieces, familyId } = readUf2(bytes);
    return { pieces, familyId };
  }
  if (mark === '\x7fELF') return { pieces: elfSegments(bytes), familyId: null };
  throw new EngramError('E1102', `${name} is neither UF2 nor ELF`, {
    fix: ['name a .uf2 or .elf file, or leave out --firmware for the shipped one'],
    context: { file: name },
  });
}

/** Throws E1102 if the firmware is for another chip than that of the target. */
export function checkFamily({ familyId }: Firmware, wanted: number, target: string): void {
  if (familyId === null || familyId === wanted) return;
  throw new EngramError('E1102', `the firmware is for chip family 0x${familyId.toString(16)}`, {
    facts: [['target', `${target}: family 0x${wanted.toString(16)}`]],
    fix: [`name a firmware for ${target}, or another target`],
    context: { familyId, wanted },
  });
}

/** Firmware as one run of bytes from its lowest address, gaps as erased flash, the form dfu-util takes. */
export function binaryOf(pieces: readonly FlashPiece[]): { address: number; bytes: Uint8Array } {
  const pages = [...pagesOf(pieces)];
  const address = Math.min(...pieces.map((piece) => piece.address));
  const end = Math.max(...pieces.map((piece) => piece.address + piece.bytes.length));
  const most = 16 * 1024 * 1024;
  if (end - address > most)
    throw new EngramError(
      'E1102',
      `the firmware spans ${end - address} bytes, more than a flash memory has`,
      {
        fix: ['check the load addresses in the linker script'],
        context: { address, end },
      },
    );
  const first = pages[0]![0];
  const bytes = new Uint8Array(end - first).fill(0xff);
  for (const [start, page] of pages) bytes.set(page.subarray(0, end - start), start - first);
  return { address, bytes: bytes.subarray(address - first) };
}

/**
 * Whether a board's own word for its firmware (`HELLO_REPLY.firmware`) stands in this firmware: then the board runs
 * it, or one of the same version.
 */
export function saysOfItself({ pieces }: Firmware, version: string): boolean {
  const text = `${version}\0`;
  return pieces.some(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text));
}
