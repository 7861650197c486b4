import { EngramError } from '../errors/engram-error.js';
import { elfSegments } from './elf-segments.js';

const blockBytes = 256;
const checksumAt = blockBytes - 4;

/**
 * Writes the checksum that the boot ROM of the RP2040 wants behind the second stage of the boot, the first 256 bytes of
 * flash, into an ELF file that was just linked (data sheet 2.8.1.3.1). Throws E1102 where nothing is linked there.
 */
export function sealBootBlock(elf: Uint8Array, address: number): void {
  const block = elfSegments(elf).find((segment) => segment.address === address)?.bytes;
  if (block === undefined || block.length < blockBytes)
    throw new EngramError('E1102', `the firmware has no boot block at 0x${address.toString(16)}`, {
      fix: ['link its section .boot2 there, 256 bytes long'],
      context: { address },
    });
  const view = new DataView(block.buffer, block.byteOffset, blockBytes);
  view.setUint32(checksumAt, crc32Mpeg2(block.subarray(0, checksumAt)), true);
}

/** CRC-32 of polynomial 04c11db7, most significant bit first, from all ones, not inverted at the end. */
export function crc32Mpeg2(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit--) {
      const feedback = (crc >>> 31) ^ ((byte >>> bit) & 1);
      crc = (crc << 1) ^ (feedback === 1 ? 0x04c11db7 : 0);
    }
  return crc >>> 0;
}
