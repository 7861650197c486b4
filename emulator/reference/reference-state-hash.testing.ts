import type { ReferenceEpisodes } from './reference-episodes.testing.js';
import { hashOf, key, mixed } from './reference-hash.testing.js';
import { type Board, type Core, forBlock, isPlastic, sourceOf, unitOf } from './reference-state.testing.js';

type Entry = readonly [key: number, value: number];

/** Section 10. */
export function stateHash(board: Board, episodes: ReferenceEpisodes | null): number {
  const entries: Entry[] = [];
  for (const core of board.cores)
    entries.push(...neuronEntries(core), ...axonEntries(board, core), ...synapseEntries(core));
  board.channels.forEach(({ m, baseline, sum, history }, c) => {
    entries.push([key(48, c), m], [key(49, c), baseline], [key(50, c), sum]);
    entries.push(...history.map((value, k): Entry => [key(64 + k, c), value]));
  });
  if (episodes !== null) entries.push(...episodeEntries(board, episodes));
  const start = Math.imul(board.tick, 0x27d4eb2f) + (board.learning ? 1 : 0);
  return mixed(entries.reduce((total, [k, value]) => (total + hashOf(k, value)) | 0, start | 0)) >>> 0;
}

function neuronEntries(core: Core): Entry[] {
  const entries: Entry[] = [];
  for (const g of core.image.neuronGroups)
    for (let n = 0; n < g.count; n++) {
      const [neuron, unit] = [g.firstNeuron + n, g.firstUnit + n];
      entries.push([key(0, unit), core.v[neuron]!], [key(2, unit), core.refractory[neuron]!]);
      if (g.flags & 8) entries.push([key(6, unit), core.adaptation[neuron]!]);
      if (g.flags & 1) entries.push([key(1, unit), core.i[neuron]!]);
      for (const slot of [0, 1, 2]) entries.push([key(3 + slot, unit), core.y[slot]![neuron]!]);
    }
  return entries;
}

function axonEntries({ tick }: Board, core: Core): Entry[] {
  const entries: Entry[] = [];
  for (const g of core.image.axonGroups)
    for (let axon = g.firstAxon; axon < g.firstAxon + g.count; axon++) {
      if (core.image.axons[axon]! < 2 ** 31) continue;
      const keyOf = (variable: number) =>
        key(variable, sourceOf(core, axon)) + Math.imul(g.delay, 0x165667b1);
      for (const slot of [0, 1]) entries.push([keyOf(16 + slot), core.x[slot]![axon]!]);
      for (const [due, axons] of core.pending) if (axons.has(axon)) entries.push([keyOf(18), due - tick + 1]);
    }
  return entries;
}

function synapseEntries(core: Core): Entry[] {
  const entries: Entry[] = [];
  core.image.blocks.forEach((block, b) => {
    if (!isPlastic(block)) return;
    forBlock(core, block, (synapse, neuron, axon) => {
      const row = mixed(Math.imul(block.projection, 0x9e3779b9) + sourceOf(core, axon));
      const keyOf = row + Math.imul(unitOf(core, neuron), 0x85ebca6b);
      const tag = core.tags[b]![synapse]!;
      entries.push([keyOf, (tag & 0xffff) | (core.weights[b]![synapse]! << 16)]);
      entries.push([keyOf + 0x27d4eb2f, core.tags2[b]![synapse]! & 0xffff]);
    });
  });
  return entries;
}

function episodeEntries({ image }: Board, episodes: ReferenceEpisodes): Entry[] {
  const perSlot = image.episodes[0]!.events;
  const entries = episodes.words().map((value, n): Entry => [key(128, n), value]);
  episodes.slots.forEach(({ events, outcome, priority }, s) => {
    entries.push([key(129, s), events.length], [key(130, s), outcome], [key(131, s), priority]);
    entries.push(
      ...events.map(({ offset, unit }, n): Entry => [key(132, s * perSlot + n), offset * 2 ** 20 + unit]),
    );
  });
  return entries;
}
