import { EngramError } from '../errors/engram-error.js';
import { readImage } from '../image/read.js';
import { slotHeaderPage, writeSlotHeader } from '../image/slot-layout.js';
import type { FlashPiece } from './flash-pages.js';

/** An area of flash memory, by address on the chip. */
export interface FlashArea {
  readonly start: number;
  readonly bytes: number;
}

/** What lies where in the 2 MB of a Pico; the linker script of its firmware says the same. */
export const picoFlash = {
  firmware: { start: 0x10000000, bytes: 256 * 1024 },
  imageA: { start: 0x10040000, bytes: 384 * 1024 },
  imageB: { start: 0x100a0000, bytes: 384 * 1024 },
  stateA: { start: 0x10100000, bytes: 512 * 1024 },
  stateB: { start: 0x10180000, bytes: 512 * 1024 },
} as const satisfies Record<string, FlashArea>;

/** Throws E1102 if a piece of firmware lies where images and states are kept, or outside flash. */
export function checkFirmware(pieces: readonly FlashPiece[]): void {
  const { start, bytes } = picoFlash.firmware;
  for (const piece of pieces) {
    const end = piece.address + piece.bytes.length;
    if (piece.address >= start && end <= start + bytes) continue;
    throw new EngramError(
      'E1102',
      `the firmware has bytes at ${hex(piece.address)} … ${hex(end)}, outside its part of flash`,
      {
        facts: [['allowed', `${hex(start)} … ${hex(start + bytes)}`]],
        fix: ['link it with targets/pico/firmware/rp2040.ld'],
        context: { address: piece.address, end },
      },
    );
  }
}

/**
 * What makes a Pico start from an image at power-up: the image in area A, a state slot that names it and holds no
 * checkpoint, and the other slot invalid, lest an older state win. Throws E0401 if the image is larger than the area,
 * E0501 to E0503 if it is none.
 */
export function imagePieces(image: Uint8Array): FlashPiece[] {
  const { imageA, stateA, stateB } = picoFlash;
  if (image.length > imageA.bytes)
    throw new EngramError(
      'E0401',
      `the image has ${image.length} bytes; the flash area holds ${imageA.bytes}`,
      {
        fix: ['make the network smaller', 'upload it at each start: engram run --port …'],
        context: { bytes: image.length, limit: imageA.bytes },
      },
    );
  const { contentHash } = readImage(image);
  const header = writeSlotHeader({
    sequence: 1,
    imageArea: 0,
    imageHash: contentHash,
    imageLength: image.length,
    checkpointLength: 0,
    checkpointCrc: 0,
  });
  return [
    { address: imageA.start, bytes: image },
    { address: stateA.start, bytes: header },
    { address: stateB.start, bytes: new Uint8Array(slotHeaderPage) },
  ];
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
