import { crc32 } from './checksum.js';
import { type RecordLayout, type RecordOf, recordBytes } from './layout.js';
import { readRecord, writeRecord } from './record.js';

/** 'ENGP' read as a little-endian u32. */
export const slotMagic = 0x50474e45;
export const slotVersion = 1;

/** Bytes of a slot before its checkpoint: one unit of erasure, so that the header can be written last. */
export const slotCheckpointOffset = 4096;

/** Bytes the header is programmed in. */
export const slotHeaderPage = 256;

/**
 * How a board keeps image and state without power (`docs/firmware.md`): two state slots, each with this header at its
 * start and a checkpoint behind it. The slot with the highest sequence whose checksums are right is the one restored.
 */
export const slotHeaderLayout = {
  name: 'slot header',
  fields: [
    { name: 'magic', type: 'u32', doc: "'ENGP'" },
    { name: 'version', type: 'u16', doc: 'format version' },
    { name: 'imageArea', type: 'u16', doc: 'image area it belongs to: 0 A, 1 B' },
    { name: 'sequence', type: 'u32', doc: 'rises by one with each save, wrapping' },
    { name: 'imageHash', type: 'u32', doc: 'contentHash of the image' },
    { name: 'imageLength', type: 'u32', doc: 'bytes of the image' },
    { name: 'checkpointLength', type: 'u32', doc: "bytes of the checkpoint; 0: the image's initial state" },
    { name: 'checkpointCrc', type: 'u32', doc: 'CRC-32 of the checkpoint' },
    { name: 'headerCrc', type: 'u32', doc: 'CRC-32 of the header up to here' },
  ],
} as const satisfies RecordLayout;

export type SlotHeader = RecordOf<typeof slotHeaderLayout>;
export type SlotContent = Omit<SlotHeader, 'magic' | 'version' | 'headerCrc'>;

/** The first page of a slot: the header, then 0xff. */
export function writeSlotHeader(content: SlotContent): Uint8Array<ArrayBuffer> {
  const page = new Uint8Array(slotHeaderPage).fill(0xff);
  const view = new DataView(page.buffer);
  const size = recordBytes(slotHeaderLayout);
  const header = { magic: slotMagic, version: slotVersion, ...content, headerCrc: 0 };
  writeRecord(slotHeaderLayout, view, 0, header);
  const headerCrc = crc32(page.subarray(0, size - 4));
  writeRecord(slotHeaderLayout, view, 0, { ...header, headerCrc });
  return page;
}

/** The header of a slot, or null if there is no valid one. */
export function readSlotHeader(slot: Uint8Array): SlotHeader | null {
  const size = recordBytes(slotHeaderLayout);
  if (slot.byteLength < size) return null;
  const header = readRecord(slotHeaderLayout, new DataView(slot.buffer, slot.byteOffset, size), 0);
  const sound =
    header.magic === slotMagic &&
    header.version === slotVersion &&
    header.headerCrc === crc32(slot.subarray(0, size - 4));
  return sound ? header : null;
}
