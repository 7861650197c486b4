import type { CoreImage, Image } from '../image/image.js';
import { blockFlags, blockKindCodes, primaryAxon } from '../image/layout.js';
import type { QuantizedNetwork } from './families/engram/quantized.js';
import { columnOf } from './passes.js';

/**
 * Synapses as lines "projection source target delay weight": units of the network, ticks, weights as stored.
 * Static synapses of weight 0 are left out, since a dense block has them where there are none.
 */
type SynapseLines = readonly string[];

/** What the image holds, read block by block as a board reads it. */
export function synapsesOfImage(image: Image): SynapseLines {
  const lines: string[] = [];
  for (const core of image.cores)
    for (const block of core.blocks) {
      const group = core.axonGroups.find(
        ({ firstAxon, count }) => block.firstAxon >= firstAxon && block.firstAxon < firstAxon + count,
      )!;
      const plastic = (block.flags & blockFlags.plastic) !== 0;
      const weights = plastic ? core.weights16 : core.weights8;
      for (let row = 0; row < block.axonCount; row++) {
        const source = core.axons[block.firstAxon + row]! & ~primaryAxon;
        const dense = block.kind === blockKindCodes.dense;
        const first = dense ? row * block.neuronCount : core.index[block.rowOffset + row]!;
        const end = dense ? first + block.neuronCount : core.index[block.rowOffset + row + 1]!;
        for (let n = first; n < end; n++) {
          const target = dense ? n - first : core.targets[block.targetOffset + n]!;
          const weight = weights[block.weightOffset + n]!;
          if (plastic || weight !== 0)
            lines.push(
              [block.projection, source, unitOf(core, block.firstNeuron + target), group.delay, weight].join(
                ' ',
              ),
            );
        }
      }
    }
  return lines;
}

function unitOf({ neuronGroups }: CoreImage, neuron: number): number {
  const group = neuronGroups.find(
    ({ firstNeuron, count }) => neuron >= firstNeuron && neuron < firstNeuron + count,
  )!;
  return group.firstUnit + neuron - group.firstNeuron;
}

/** What the network has after `quantize`. */
export function synapsesOfNetwork({ network, projections, quantized }: QuantizedNetwork): SynapseLines {
  const lines: string[] = [];
  projections.forEach((connections, index) => {
    const { projection, rows, rowStart, delays } = connections;
    const { weights, plasticity } = quantized[index]!;
    const unit = (slice: typeof projection.from) =>
      network.populations[slice.population]!.firstUnit + slice.first;
    for (let row = 0; row < rows; row++)
      for (let n = rowStart[row]!; n < rowStart[row + 1]!; n++) {
        const weight = typeof weights === 'number' ? weights : weights[n]!;
        const delay = typeof delays === 'number' ? delays : delays[n]!;
        const target = unit(projection.to) + columnOf(connections, row, n);
        if (plasticity !== null || weight !== 0)
          lines.push([index, unit(projection.from) + row, target, delay, weight].join(' '));
      }
  });
  return lines;
}
