import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { crc32 as portableCrc32 } from '@foxglove/crc';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { haveCompiler } from '../../tests/c-compiler.testing.js';
import { isEngramError } from '../errors/engram-error.js';
import { crc32 } from './checksum.js';
import { imageHeader } from './generate/c-header.js';
import { fieldBytes, headerLayout, type RecordLayout, recordBytes, sectionKinds } from './layout.js';
import { readImage } from './read.js';
import { writeRecord } from './record.js';
import { packSections, type Section, unpackSections } from './sections.js';
import { smallImage } from './small-image.testing.js';
import { writeImage } from './write.js';

const refusal = (bytes: Uint8Array) => {
  try {
    readImage(bytes);
  } catch (error) {
    if (isEngramError(error)) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('image file', () => {
  const bytes = writeImage(smallImage());

  test('what was written is read back', () => {
    const { contentHash, ...content } = readImage(bytes);
    expect(contentHash).toBe(zlibCrc32(bytes.subarray(recordBytes(headerLayout))));
    expect(content).toEqual(smallImage());
    expect(writeImage(content)).toEqual(bytes);
  });

  test('any single flipped bit is caught', () => {
    const accepted: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >>> 3]! ^= 1 << (bit & 7);
      if (refusal(damaged) === 'accepted') accepted.push(bit);
    }
    expect(accepted).toEqual([]);
  });

  test('any truncation and any added byte is caught', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(refusal(bytes.slice(0, length)), `${length} bytes`).toMatch(/E0501|E0503/);
    expect(refusal(Uint8Array.of(...bytes, 0))).toBe('E0503');
  });

  test('another format version and another file are told apart from damage', () => {
    const other = bytes.slice();
    const view = new DataView(other.buffer);
    view.setUint16(4, 99, true);
    view.setUint32(
      recordBytes(headerLayout) - 4,
      zlibCrc32(other.subarray(0, recordBytes(headerLayout) - 4)),
      true,
    );
    expect(refusal(other)).toBe('E0502');
    expect(refusal(new TextEncoder().encode('{"engram": 1}'))).toBe('E0501');
  });

  test('a hostile image with right checksums never gets a value out of range past the checks', () => {
    const { header, sections } = unpackSections(bytes);
    const mutable = sections.filter(({ name, bytes: content }) => name !== 'host' && content.length > 0);
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        fc.nat(mutable.length - 1),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        (which, place, value) => {
          const changed = sections.map((section): Section => {
            if (section !== mutable[which]) return section;
            const content = section.bytes.slice();
            content[place % content.length] = value;
            return { ...section, bytes: content };
          });
          const outcome = refusal(packSections(header.targetId, changed));
          outcomes.add(outcome);
          expect(['accepted', 'E0503']).toContain(outcome);
        },
      ),
      { numRuns: 2000 },
    );
    expect(outcomes).toContain('E0503');
  });
});

describe('layout', () => {
  const layouts = Object.values(sectionKinds).flatMap(({ content }) =>
    'record' in content ? [content.record] : [],
  );

  test.each(layouts.map((layout) => [layout.name, layout as RecordLayout]))(
    '%s is naturally aligned',
    (_, layout) => {
      let offset = 0;
      for (const field of layout.fields) {
        expect(offset % fieldBytes[field.type], field.name).toBe(0);
        offset += fieldBytes[field.type];
      }
      expect(offset % 4).toBe(0);
    },
  );

  test('section numbers are unique', () => {
    const ids = Object.values(sectionKinds).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a value its field cannot hold is a bug, not a wrap', () => {
    const layout = { name: 'r', fields: [{ name: 'a', type: 'u8', doc: '' }] } as const;
    expect(() => writeRecord(layout, new DataView(new ArrayBuffer(1)), 0, { a: 256 })).toThrow(RangeError);
  });

  test('the C header compiles, and its structs have the declared sizes and offsets', () => {
    if (!haveCompiler()) return;
    const folder = mkdtempSync(join(tmpdir(), 'engram-header-'));
    writeFileSync(join(folder, 'engram_image.h'), imageHeader());
    writeFileSync(join(folder, 'use.c'), '#include "engram_image.h"\n');
    const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only'];
    execFileSync('gcc', [...flags, join(folder, 'use.c')]);
  });
});

test('both CRC-32 implementations agree', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      expect(crc32(data)).toBe(portableCrc32(data));
    }),
  );
});
