import { EngramError } from '../errors/engram-error.js';
import { crc32 } from './checksum.js';
import {
  boardWide,
  coreVersion,
  headerLayout,
  imageMagic,
  imageVersion,
  type RecordOf,
  recordBytes,
  type SectionName,
  sectionEntryLayout,
  sectionKinds,
} from './layout.js';
import { readRecord, readRecords, writeRecord, writeRecords } from './record.js';

/** One section: its kind, its core (65535 for the board) and its bytes. */
export interface Section {
  readonly name: SectionName;
  readonly core: number;
  readonly bytes: Uint8Array;
}

const headerBytes = recordBytes(headerLayout);
const entryBytes = recordBytes(sectionEntryLayout);
const align = (n: number) => (n + 7) & ~7;
const nameOfKind = new Map<number, SectionName>(
  Object.entries(sectionKinds).map(([name, kind]) => [kind.id, name as SectionName]),
);

/** An image whose sections are still to be filled, in place. */
export interface ReservedImage {
  readonly image: Uint8Array<ArrayBuffer>;
  /** Over the image's own bytes, all zero. */
  readonly sections: readonly Section[];
}

/** Room for sections of those lengths behind header and table. Throws a RangeError beyond 4 GiB. */
export function reserveSections(
  sizes: readonly { readonly name: SectionName; readonly core: number; readonly byteLength: number }[],
): ReservedImage {
  const offsets: number[] = [];
  let offset = align(headerBytes + entryBytes * sizes.length);
  for (const { byteLength } of sizes) {
    offsets.push(offset);
    offset = align(offset + byteLength);
  }
  if (offset > 0xffff_ffff) throw new RangeError('image is larger than 4 GiB');
  const image = new Uint8Array(offset);
  const sections = sizes.map(({ name, core, byteLength }, n) => ({
    name,
    core,
    bytes: image.subarray(offsets[n]!, offsets[n]! + byteLength),
  }));
  return { image, sections };
}

/** Writes table and header of an image whose sections are filled, with all checksums. */
export function sealImage(targetId: number, { image, sections }: ReservedImage): Uint8Array<ArrayBuffer> {
  const entries = sections.map(({ name, core, bytes }) => ({
    kind: sectionKinds[name].id,
    core,
    offset: bytes.byteOffset,
    length: bytes.byteLength,
    crc: crc32(bytes),
  }));
  image.set(writeRecords(sectionEntryLayout, entries), headerBytes);
  const view = new DataView(image.buffer);
  const header = {
    magic: imageMagic,
    version: imageVersion,
    coreVersion,
    targetId,
    length: image.byteLength,
    sectionCount: sections.length,
    contentHash: crc32(image.subarray(headerBytes)),
    reserved: 0,
    headerCrc: 0,
  };
  writeRecord(headerLayout, view, 0, header);
  writeRecord(headerLayout, view, 0, { ...header, headerCrc: crc32(image.subarray(0, headerBytes - 4)) });
  return image;
}

/** Lays sections out behind header and table and seals them with their checksums. */
export function packSections(targetId: number, sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const reserved = reserveSections(
    sections.map(({ name, core, bytes }) => ({ name, core, byteLength: bytes.byteLength })),
  );
  sections.forEach(({ bytes }, n) => {
    reserved.sections[n]!.bytes.set(bytes);
  });
  return sealImage(targetId, reserved);
}

/** The header of an image, checked: magic, checksum, versions, length. Throws E0501, E0502 or E0503. */
export function readHeader(image: Uint8Array): RecordOf<typeof headerLayout> {
  if (image.byteLength < 4 || viewOf(image).getUint32(0, true) !== imageMagic)
    throw new EngramError('E0501', 'not an engram image: it does not begin with "ENGR"', {
      fix: ['compile a network first: engram compile NETWORK'],
    });
  if (image.byteLength < headerBytes)
    throw damaged(`it ends inside the header, after ${image.byteLength} bytes`);
  const header = readRecord(headerLayout, viewOf(image), 0);
  if (header.headerCrc !== crc32(image.subarray(0, headerBytes - 4)))
    throw damaged('the checksum of its header is wrong');
  if (header.version !== imageVersion || header.coreVersion !== coreVersion)
    throw new EngramError(
      'E0502',
      `image has format ${header.version}, core ${header.coreVersion}; this engram reads format ${imageVersion}, core ${coreVersion}`,
      { fix: ['compile the network again with this version of engram'] },
    );
  if (header.length !== image.byteLength)
    throw damaged(`it should have ${header.length} bytes and has ${image.byteLength}`);
  return header;
}

/** Takes an image apart; every checksum, offset and length is checked first. Throws E0501, E0502 or E0503. */
export function unpackSections(image: Uint8Array): {
  header: RecordOf<typeof headerLayout>;
  sections: Section[];
} {
  const header = readHeader(image);
  if (header.contentHash !== crc32(image.subarray(headerBytes)))
    throw damaged('the checksum of its content is wrong');
  const tableEnd = headerBytes + entryBytes * header.sectionCount;
  if (tableEnd > image.byteLength) throw damaged('its section table is longer than the image');
  const seen = new Set<number>();
  let free = align(tableEnd);
  const entries = readRecords(sectionEntryLayout, image.subarray(headerBytes, tableEnd));
  const sections = entries.map((entry, n): Section => {
    const where = `section ${n} (kind ${entry.kind}, core ${entry.core})`;
    const name = nameOfKind.get(entry.kind);
    if (name === undefined) throw damaged(`${where} is of an unknown kind`);
    if ((sectionKinds[name].scope === 'board') !== (entry.core === boardWide))
      throw damaged(`${where} is in the wrong place`);
    const identity = entry.kind * 0x1_0000 + entry.core;
    if (seen.has(identity)) throw damaged(`${where} is there twice`);
    seen.add(identity);
    if (entry.offset !== free || entry.offset + entry.length > image.byteLength)
      throw damaged(`${where} lies outside the image or over another section`);
    free = align(entry.offset + entry.length);
    const bytes = image.subarray(entry.offset, entry.offset + entry.length);
    if (entry.crc !== crc32(bytes)) throw damaged(`the checksum of ${where} is wrong`);
    return { name, core: entry.core, bytes };
  });
  if (free !== image.byteLength) throw damaged('bytes follow its last section');
  return { header, sections };
}

/** E0503 with the reason; for the reader and the checks behind it. */
export function damaged(reason: string): EngramError {
  return new EngramError('E0503', `image is damaged: ${reason}`, {
    fix: ['compile the network again, or copy the file again'],
    context: { reason },
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
