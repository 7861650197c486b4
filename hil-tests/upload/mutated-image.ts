import { packSections, type Section, unpackSections } from '../../src/image/sections.js';
import type { Draw } from '../../src/network/drawn-values.js';

/** Sections of numbers that are no offsets, counts or codes: most of an image, and least able to do harm. */
const harmless: readonly string[] = ['bias', 'initial', 'weights8', 'weights16'];
const edges = [0, 1, 2, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/**
 * An image with something wrong: bytes damaged, lost or added anywhere, or a number of a section changed and all
 * checksums made right again, so that only the checks of the content can find it.
 */
export function mutatedImage(image: Uint8Array, draw: Draw): Uint8Array {
  if (draw.integer(0, 2) > 0) return withOtherNumbers(image, draw);
  const bytes = image.slice();
  switch (draw.oneOf('flip', 'flip', 'cut', 'add', 'zero', 'swap')) {
    case 'cut':
      return bytes.slice(0, draw.integer(1, bytes.length - 1));
    case 'add':
      return Uint8Array.of(
        ...bytes,
        ...Array.from({ length: draw.integer(1, 64) }, () => draw.integer(0, 255)),
      );
    case 'zero': {
      const at = draw.integer(0, bytes.length - 1);
      return bytes.fill(0, at, at + draw.integer(1, 64));
    }
    case 'swap': {
      const [at, length] = [draw.integer(0, bytes.length - 1), draw.integer(1, 32)];
      bytes.copyWithin(at, draw.integer(0, bytes.length - 1), bytes.length - length);
      return bytes;
    }
    default:
      for (let n = draw.integer(1, 4); n > 0; n--) {
        const at = draw.integer(0, bytes.length - 1);
        bytes[at] = bytes[at]! ^ (1 << draw.integer(0, 7));
      }
      return bytes;
  }
}

function withOtherNumbers(image: Uint8Array, draw: Draw): Uint8Array {
  const { header, sections } = unpackSections(image);
  const changed: Section[] = sections.map((section) => ({ ...section, bytes: section.bytes.slice() }));
  const mutable = changed.filter(({ name, bytes }) => name !== 'host' && bytes.length > 0);
  const structural = mutable.filter(({ name }) => !harmless.includes(name));
  for (let n = draw.integer(1, 3); n > 0; n--) {
    const { bytes } = draw.oneOf(...draw.oneOf(structural, structural, structural, mutable));
    changeNumber(bytes, draw.integer(0, bytes.length - 1), draw);
  }
  return packSections(header.targetId, changed);
}

/** A number of one, two or four bytes becomes one more, one less, or one at the edge of a type. */
function changeNumber(bytes: Uint8Array, at: number, draw: Draw): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const edge = draw.oneOf(...edges);
  const change = draw.oneOf(
    (old: number) => old + 1,
    (old: number) => old - 1,
    () => edge,
    () => edge,
  );
  const width = draw.oneOf(1, 2, 4, 4);
  const start = at & -width;
  if (width === 4 && start + 4 <= bytes.length)
    view.setUint32(start, change(view.getUint32(start, true)), true);
  else if (width === 2 && start + 2 <= bytes.length)
    view.setUint16(start, change(view.getUint16(start, true)), true);
  else bytes[at] = change(bytes[at]!);
}
