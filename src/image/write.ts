import type { CoreImage, Image } from './image.js';
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
  ruleLayout,
  type SectionName,
  termLayout,
} from './layout.js';
import { asBytes } from './numbers.js';
import { writeRecords } from './record.js';
import { packSections, type Section } from './sections.js';

/** What the compiler hands over: an image that has no identity yet. */
export type ImageContent = Omit<Image, 'contentHash'>;

/** Writes an image. Equal contents give equal bytes. */
export function writeImage(content: ImageContent): Uint8Array<ArrayBuffer> {
  const sections: Section[] = [];
  const board = (name: SectionName, bytes: Uint8Array) => sections.push({ name, core: boardWide, bytes });
  board('network', writeRecords(networkLayout, [content.network]));
  board('populations', writeRecords(populationLayout, content.populations));
  board('modulators', writeRecords(modulatorLayout, content.modulators));
  board('rules', writeRecords(ruleLayout, content.rules));
  board('terms', writeRecords(termLayout, content.terms));
  board('inputRouteStart', asBytes(content.inputRouteStart));
  board('inputRoutes', asBytes(content.inputRoutes));
  board('probes', writeRecords(probeLayout, content.probes));
  board('episodes', writeRecords(episodesLayout, content.episodes));
  board('host', new TextEncoder().encode(JSON.stringify(content.host)));
  content.cores.forEach((core, n) => {
    sections.push(...coreSections(core, n));
  });
  return packSections(content.targetId, sections);
}

function coreSections(image: CoreImage, core: number): Section[] {
  const section = (name: SectionName, bytes: Uint8Array): Section => ({ name, core, bytes });
  return [
    section('core', writeRecords(coreLayout, [image.core])),
    section('neuronGroups', writeRecords(neuronGroupLayout, image.neuronGroups)),
    section('axonGroups', writeRecords(axonGroupLayout, image.axonGroups)),
    section('axons', asBytes(image.axons)),
    section('blocks', writeRecords(blockLayout, image.blocks)),
    section('routeStart', asBytes(image.routeStart)),
    section('routes', asBytes(image.routes)),
    section('bias', asBytes(image.bias)),
    section('initial', asBytes(image.initial)),
    section('index', asBytes(image.index)),
    section('targets', asBytes(image.targets)),
    section('weights8', asBytes(image.weights8)),
    section('weights16', asBytes(image.weights16)),
    section('columnAxons', asBytes(image.columnAxons)),
  ];
}
