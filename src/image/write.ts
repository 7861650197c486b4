import { boardBulk, coreBulk } from './bulk.js';
import type { BoardBulk, CoreBulk, CoreImage, Image } from './image.js';
import {
  axonGroupLayout,
  blockLayout,
  boardWide,
  coreLayout,
  episodesLayout,
  fieldBytes,
  modulatorLayout,
  networkLayout,
  neuronGroupLayout,
  populationLayout,
  probeLayout,
  ruleLayout,
  type SectionName,
  sectionKinds,
  termLayout,
} from './layout.js';
import { writeRecords } from './record.js';
import { reserveSections, type Section, sealImage } from './sections.js';

/** What the compiler hands over: an image that has no identity yet. */
export type ImageContent = Omit<Image, 'contentHash'>;

/** How many numbers each array of bulk data has. */
export type Lengths<B> = { readonly [name in keyof B]: number };

export type CoreDraft = Omit<CoreImage, keyof CoreBulk> & { readonly lengths: Lengths<CoreBulk> };

/** An image whose bulk data is yet to come: so large that it is put where it belongs at once, without a copy. */
export interface ImageDraft extends Omit<ImageContent, keyof BoardBulk | 'cores'> {
  readonly lengths: Lengths<BoardBulk>;
  readonly cores: readonly CoreDraft[];
  /** Fills the arrays, which are all zero, over the image's own bytes. */
  readonly fill: (board: BoardBulk, cores: readonly CoreBulk[]) => void;
}

/** Writes an image. Equal contents give equal bytes. */
export function writeImage(content: ImageContent): Uint8Array<ArrayBuffer> {
  return writeDraft({
    ...content,
    lengths: lengthsOf<BoardBulk>(boardNumbers, content),
    cores: content.cores.map((core) => ({ ...core, lengths: lengthsOf<CoreBulk>(coreNumbers, core) })),
    fill: (board, cores) => {
      copy(boardNumbers, content, board);
      for (const [n, core] of cores.entries()) copy(coreNumbers, content.cores[n]!, core);
    },
  });
}

/** Writes an image whose bulk data is filled in place. */
export function writeDraft(draft: ImageDraft): Uint8Array<ArrayBuffer> {
  const pieces = [boardPieces(draft), ...draft.cores.map(corePieces)].flat();
  const reserved = reserveSections(
    pieces.map(({ name, core, content }) => ({
      name,
      core,
      byteLength: typeof content === 'number' ? content : content.byteLength,
    })),
  );
  pieces.forEach(({ content }, n) => {
    if (typeof content !== 'number') reserved.sections[n]!.bytes.set(content);
  });
  const bytesOf = new Map(reserved.sections.map((section) => [keyOf(section), section.bytes]));
  draft.fill(
    boardBulk((name) => bytesOf.get(keyOf({ name, core: boardWide }))!),
    draft.cores.map((_, core) => coreBulk((name) => bytesOf.get(keyOf({ name, core }))!)),
  );
  return sealImage(draft.targetId, reserved);
}

const boardNumbers = ['inputRouteStart', 'inputRoutes'] as const;
const coreNumbers = [
  'axons',
  'routeStart',
  'routes',
  'bias',
  'initial',
  'index',
  'targets',
  'weights8',
  'weights16',
  'columnAxons',
] as const;

/** A section to be: its bytes, or how many it will have. */
interface Piece {
  readonly name: SectionName;
  readonly core: number;
  readonly content: Uint8Array | number;
}

function boardPieces(draft: ImageDraft): Piece[] {
  const piece = (name: SectionName, content: Piece['content']): Piece => ({ name, core: boardWide, content });
  const { lengths } = draft;
  return [
    piece('network', writeRecords(networkLayout, [draft.network])),
    piece('populations', writeRecords(populationLayout, draft.populations)),
    piece('modulators', writeRecords(modulatorLayout, draft.modulators)),
    piece('rules', writeRecords(ruleLayout, draft.rules)),
    piece('terms', writeRecords(termLayout, draft.terms)),
    ...boardNumbers.map((name) => piece(name, lengths[name] * numberBytes(name))),
    piece('probes', writeRecords(probeLayout, draft.probes)),
    piece('episodes', writeRecords(episodesLayout, draft.episodes)),
    piece('host', new TextEncoder().encode(JSON.stringify(draft.host))),
  ];
}

function corePieces(draft: CoreDraft, core: number): Piece[] {
  const piece = (name: SectionName, content: Piece['content']): Piece => ({ name, core, content });
  const [axons, ...others] = coreNumbers.map((name) => piece(name, draft.lengths[name] * numberBytes(name)));
  return [
    piece('core', writeRecords(coreLayout, [draft.core])),
    piece('neuronGroups', writeRecords(neuronGroupLayout, draft.neuronGroups)),
    piece('axonGroups', writeRecords(axonGroupLayout, draft.axonGroups)),
    axons!,
    piece('blocks', writeRecords(blockLayout, draft.blocks)),
    ...others,
  ];
}

/** Bytes of each number of a section. */
function numberBytes(name: keyof BoardBulk | keyof CoreBulk): number {
  return fieldBytes[sectionKinds[name].content.numbers];
}

function keyOf({ name, core }: Pick<Section, 'name' | 'core'>): string {
  return `${name} ${core}`;
}

function lengthsOf<B>(names: readonly (keyof B)[], bulk: B): Lengths<B> {
  return Object.fromEntries(
    names.map((name) => [name, (bulk[name] as ArrayLike<number>).length]),
  ) as Lengths<B>;
}

function copy<B>(names: readonly (keyof B)[], from: B, to: B): void {
  for (const name of names) (to[name] as Uint8Array).set(from[name] as ArrayLike<number>);
}
