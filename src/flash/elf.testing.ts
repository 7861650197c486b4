import type { FlashPiece } from './flash-pages.js';

/** A linked ARM program with those loadable segments, and one of RAM without bytes in the file. */
export function makeElf(pieces: readonly FlashPiece[]): Uint8Array<ArrayBuffer> {
  const headers = pieces.length + 1;
  const dataAt = 52 + headers * 32;
  const size = pieces.reduce((sum, { bytes }) => sum + bytes.length, dataAt);
  const elf = new Uint8Array(size);
  const view = new DataView(elf.buffer);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 40, true);
  view.setUint32(28, 52, true);
  view.setUint16(42, 32, true);
  view.setUint16(44, headers, true);
  let at = dataAt;
  const header = (n: number, fields: number[]) => {
    for (const [word, value] of fields.entries()) view.setUint32(52 + n * 32 + word * 4, value, true);
  };
  for (const [n, { address, bytes }] of pieces.entries()) {
    // Runs in RAM, lies in flash: the physical address is the one that counts.
    header(n, [1, at, 0x20000000, address, bytes.length, bytes.length, 5, 4]);
    elf.set(bytes, at);
    at += bytes.length;
  }
  header(pieces.length, [1, 0, 0x20010000, 0x20010000, 0, 4096, 6, 4]);
  return elf;
}
