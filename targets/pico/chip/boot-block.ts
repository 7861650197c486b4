import { bootBlockBytes } from './boot-rom.js';

/**
 * Why the boot ROM does not start what is in flash; null if it does. The first 256 bytes must end with a CRC-32 of the
 * rest: polynomial 0x04c11db7, from the most significant bit, started with ones, without a final inversion (data sheet
 * 2.8.1.3.1).
 */
export function whyNotBoot(flash: Uint8Array): string | null {
  const block = flash.subarray(0, bootBlockBytes);
  if (block.every((byte) => byte === 0xff)) return 'flash is empty';
  const view = new DataView(block.buffer, block.byteOffset, bootBlockBytes);
  const [found, expected] = [view.getUint32(bootBlockBytes - 4, true), bootChecksum(block)];
  if (found === expected) return null;
  const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;
  return `the checksum of the boot block is ${hex(found)} instead of ${hex(expected)}`;
}

/** Checksum over a boot block without its last four bytes. */
export function bootChecksum(block: Uint8Array): number {
  return crc32FromTop(block.subarray(0, bootBlockBytes - 4));
}

/** CRC-32/MPEG-2. */
export function crc32FromTop(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
