import { boardWide } from '../image/layout.js';
import { readImage } from '../image/read.js';
import { unpackSections } from '../image/sections.js';
import { table } from './table.js';

/** What is in an image file, section by section. Throws E0501, E0502, E0503. */
export function describeImage(bytes: Uint8Array) {
  const image = readImage(bytes);
  const { header, sections } = unpackSections(bytes);
  return {
    network: image.host.name,
    target: image.host.target,
    targetId: image.targetId,
    format: header.version,
    coreVersion: header.coreVersion,
    hash: header.contentHash.toString(16).padStart(8, '0'),
    bytes: bytes.byteLength,
    tickMicroseconds: image.network.tickMicroseconds,
    seed: image.network.seed,
    cores: image.cores.length,
    sections: sections.map(({ name, core, bytes: content }) => ({
      name,
      core: core === boardWide ? null : core,
      bytes: content.byteLength,
    })),
    report: image.host.report,
  };
}

export function imageText(image: ReturnType<typeof describeImage>): string {
  const byName = new Map<string, { count: number; bytes: number }>();
  for (const { name, bytes } of image.sections) {
    const sum = byName.get(name) ?? { count: 0, bytes: 0 };
    byName.set(name, { count: sum.count + 1, bytes: sum.bytes + bytes });
  }
  return [
    `image   ${image.hash}, ${image.bytes.toLocaleString('en')} bytes, format ${image.format}, core ${image.coreVersion}`,
    `target  ${image.target} (${image.targetId})`,
    `tick    ${image.tickMicroseconds.toLocaleString('en')} µs, seed ${image.seed}`,
    '',
    'Sections',
    table(
      ['name', 'cores', 'bytes'],
      [...byName]
        .filter(([, { bytes }]) => bytes > 0)
        .map(([name, { count, bytes }]) => [name, count, bytes]),
    ).replace(/^/gm, '  '),
  ].join('\n');
}
