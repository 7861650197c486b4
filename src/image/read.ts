import { boardBulk, coreBulk } from './bulk.js';
import { checkImage } from './check.js';
import type { CoreImage, HostSection, Image } from './image.js';
import {
  axonGroupLayout,
  blockLayout,
  boardWide,
  coreLayout,
  episodesLayout,
  modulatorLayout,
  networkLayout,
  neuronGroupLayout,
  populationLayout,
  probeLayout,
  type RecordLayout,
  type RecordOf,
  recordBytes,
  ruleLayout,
  type SectionName,
  sectionKinds,
  termLayout,
} from './layout.js';
import { readRecords } from './record.js';
import { damaged, type Section, unpackSections } from './sections.js';

/**
 * Reads an image and checks all of it: checksums first, then every index, length and range (`checkImage`).
 * Throws E0501 (no image), E0502 (other version) or E0503 (damaged, with the reason).
 */
export function readImage(bytes: Uint8Array): Image {
  const { header, sections } = unpackSections(bytes);
  const byCore = new Map<number, Section[]>();
  for (const section of sections) {
    const known = byCore.get(section.core);
    if (known) known.push(section);
    else byCore.set(section.core, [section]);
  }
  const board = new SectionSet(byCore.get(boardWide) ?? [], boardWide);
  const network = board.record('network', networkLayout);
  byCore.delete(boardWide);
  if (byCore.size !== network.coreCount)
    throw damaged(`it has ${byCore.size} cores, not ${network.coreCount}`);
  const image: Image = {
    targetId: header.targetId,
    contentHash: header.contentHash,
    network,
    populations: board.records('populations', populationLayout),
    modulators: board.records('modulators', modulatorLayout),
    rules: board.records('rules', ruleLayout),
    terms: board.records('terms', termLayout),
    ...boardBulk((name, size) => board.numbers(name, size)),
    probes: board.records('probes', probeLayout),
    episodes: board.records('episodes', episodesLayout),
    host: readHost(board.bytes('host')),
    cores: Array.from({ length: network.coreCount }, (_, core) =>
      readCore(new SectionSet(byCore.get(core) ?? [], core)),
    ),
  };
  checkImage(image);
  return image;
}

function readCore(set: SectionSet): CoreImage {
  return {
    core: set.record('core', coreLayout),
    neuronGroups: set.records('neuronGroups', neuronGroupLayout),
    axonGroups: set.records('axonGroups', axonGroupLayout),
    blocks: set.records('blocks', blockLayout),
    ...coreBulk((name, size) => set.numbers(name, size)),
  };
}

/** The host section is read by the host alone, yet a damaged one must not crash it. */
function readHost(bytes: Uint8Array): HostSection {
  try {
    const host = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as HostSection;
    const lists = [host.populations, host.projections, host.modulators, host.probes];
    if (typeof host.name !== 'string' || !lists.every(Array.isArray)) throw new Error('fields are missing');
    return host;
  } catch (cause) {
    throw damaged(`its names cannot be read (${(cause as Error).message})`);
  }
}

/** The sections of one core, or of the board. */
class SectionSet {
  readonly #sections = new Map<SectionName, Uint8Array>();
  readonly #place: string;

  constructor(sections: readonly Section[], core: number) {
    this.#place = core === boardWide ? '' : ` of core ${core}`;
    for (const section of sections) this.#sections.set(section.name, section.bytes);
  }

  bytes(name: SectionName): Uint8Array {
    const bytes = this.#sections.get(name);
    if (!bytes) throw damaged(`section ${name} (kind ${sectionKinds[name].id})${this.#place} is missing`);
    return bytes;
  }

  numbers(name: SectionName, size: number): Uint8Array {
    const bytes = this.bytes(name);
    if (bytes.byteLength % size !== 0)
      throw damaged(`section ${name}${this.#place} has half a number at its end`);
    return bytes;
  }

  records<L extends RecordLayout>(name: SectionName, layout: L): RecordOf<L>[] {
    return readRecords(layout, this.numbers(name, recordBytes(layout)));
  }

  record<L extends RecordLayout>(name: SectionName, layout: L): RecordOf<L> {
    const records = this.records(name, layout);
    if (records.length !== 1)
      throw damaged(`section ${name}${this.#place} has ${records.length} records, not 1`);
    return records[0]!;
  }
}
