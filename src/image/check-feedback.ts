import { ensure } from './ensure.js';
import type { BlockRecord, CoreImage, Image } from './image.js';
import { blockFlags, blockKindCodes, modelCodes, primaryAxon } from './layout.js';

/** Feedback synapses of one unit: so many times 127 · 32,767 stay below 2^31 (`docs/core.md`, section 6). */
const mostFeedback = 256;

/** Checks that feedback blocks name channels that are there, stem from neurons, and that their sums stay in 32 bits. */
export function checkFeedback(image: Image): void {
  const synapses = new Map<number, number>();
  for (const [c, core] of image.cores.entries())
    for (const [n, block] of core.blocks.entries()) {
      if (!(block.flags & blockFlags.feedback)) continue;
      const where = `core ${c}, block ${n}`;
      ensure(
        block.feedbackChannel + block.neuronCount <= image.modulators.length,
        `${where}: the channels of its feedback are not there`,
      );
      const group = core.axonGroups.find(
        ({ firstAxon, count }) => block.firstAxon >= firstAxon && block.firstAxon < firstAxon + count,
      )!;
      ensure(
        image.populations[group.population]!.model !== modelCodes.input,
        `${where}: its feedback goes to input lines`,
      );
      for (let row = 0; row < block.axonCount; row++) {
        const unit = core.axons[block.firstAxon + row]! & ~primaryAxon;
        synapses.set(unit, (synapses.get(unit) ?? 0) + rowLength(core, block, row));
      }
    }
  for (const count of synapses.values())
    ensure(count <= mostFeedback, 'the feedback of a neuron can leave 32 bits');
}

function rowLength({ index }: CoreImage, { kind, neuronCount, rowOffset }: BlockRecord, row: number): number {
  return kind === blockKindCodes.dense ? neuronCount : index[rowOffset + row + 1]! - index[rowOffset + row]!;
}
