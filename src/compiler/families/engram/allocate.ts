import { EngramError } from '../../../errors/engram-error.js';
import type { BlockRecord } from '../../../image/image.js';
import { blockFlags, blockKindCodes } from '../../../image/layout.js';
import { limits } from '../../../network/defaults.js';
import type { Placement } from '../../passes.js';
import type { RoutedNetwork } from '../../route.js';
import type { Target } from '../../target.js';
import { layOutPart, type PlacedBlock } from './blocks.js';
import {
  axonBytes,
  delaySlots,
  episodeBytes,
  type MemoryUse,
  memoryTotal,
  neuronBytes,
  routeBytes,
  startBytes,
} from './memory.js';
import type { QuantizedNetwork } from './quantized.js';
import { SynapseCounts } from './synapse-counts.js';

/** Numbers in each section of a core that holds synapses. */
export interface SynapseLengths {
  readonly index: number;
  readonly targets: number;
  readonly weights8: number;
  readonly weights16: number;
  readonly columnAxons: number;
}

export interface AllocatedCore {
  readonly blocks: readonly BlockRecord[];
  /** Likewise, with the rows that go into them. */
  readonly placed: readonly PlacedBlock[];
  readonly synapses: number;
  readonly lengths: SynapseLengths;
  readonly neurons: number;
  readonly maxDelay: number;
  readonly routes: number;
  readonly memory: MemoryUse;
}

/**
 * Pass 6: plans each core's synapses in blocks, dense or sparse, whichever is smaller, and counts its memory; where
 * each will stand is decided here, and `emit` puts it there. After `route`, because a block's rows follow the core's
 * axons. Throws E0401 where a core's limit is exceeded.
 */
export function allocate(
  network: QuantizedNetwork,
  placement: Placement,
  routed: RoutedNetwork,
  target: Target,
): AllocatedCore[] {
  checkFeedback(network);
  return placement.map((slices, core) => {
    const { groups } = routed.cores[core]!;
    const counts = new SynapseCounts();
    const placed = groups.flatMap((group) =>
      group.parts.flatMap((part) => layOutPart(network, group, part, counts)),
    );
    const blocks = placed.map(({ record }) => record);
    const maxDelay = groups.reduce((max, { delay }) => Math.max(max, delay), 0);
    const routes = countRoutes(network, placement, routed, core);
    const memory: MemoryUse = {
      neurons: slices.reduce(
        (sum, { population, count }) => sum + count * neuronBytes(network, population),
        0,
      ),
      axons: groups.reduce((sum, { sources, traces }) => {
        const present = traces.filter((trace) => trace !== null).length;
        return sum + sources.length * (axonBytes(1, present) - 0.25 + delaySlots(maxDelay) / 8);
      }, 0),
      synapses: blocks.reduce((sum, block) => sum + blockBytes(block), 0),
      routes: routes * routeBytes,
      episodes: core === 0 ? episodeBytes(network) : 0,
    };
    const allocated: AllocatedCore = {
      blocks,
      placed,
      synapses: counts.synapses,
      lengths: {
        index: counts.index.total,
        targets: counts.targets.total,
        weights8: counts.weights8.total,
        weights16: counts.weights16.total,
        columnAxons: counts.columnAxons.total,
      },
      neurons: slices.reduce((sum, { count }) => sum + count, 0),
      maxDelay,
      routes,
      memory: { ...memory, axons: Math.ceil(memory.axons) },
    };
    checkLimits(allocated, core, target);
    return allocated;
  });
}

/** A neuron's learning signal is the sum over a limited number of synapses (`docs/core.md`, section 6). */
function checkFeedback({ projections }: QuantizedNetwork): void {
  for (const { projection, rows, rowStart } of projections) {
    if (projection.feedback === null) continue;
    for (let row = 0; row < rows; row++) {
      const synapses = rowStart[row + 1]! - rowStart[row]!;
      if (synapses > limits.feedbackTargets)
        throw new EngramError(
          'E0401',
          `projection '${projection.name}' brings errors back to source ${row} through ${synapses} synapses; ` +
            `the core adds up ${limits.feedbackTargets}`,
          { fix: ['connect each source to fewer neurons of the readout'] },
        );
    }
  }
}

/** Bytes of a block: weights and tags, targets, starts and the transposed index. */
function blockBytes(block: BlockRecord): number {
  const { flags, synapseCount, axonCount, neuronCount } = block;
  const has = (flag: number) => (flags & flag) !== 0;
  const state = has(blockFlags.plastic)
    ? 2 + (has(blockFlags.tag) ? 2 : 0) + (has(blockFlags.tag2) ? 2 : 0)
    : 1;
  if (block.kind === blockKindCodes.dense) return synapseCount * state;
  const columns = flags & blockFlags.transposed ? synapseCount * 6 + (neuronCount + 1) * startBytes : 0;
  return synapseCount * (state + 2) + (axonCount + 1) * startBytes + columns;
}

/** Routes that leave the neurons of a core. */
function countRoutes(
  network: QuantizedNetwork,
  placement: Placement,
  { routeStart }: RoutedNetwork,
  core: number,
): number {
  return placement[core]!.reduce((sum, { population, first, count }) => {
    const unit = network.network.populations[population]!.firstUnit + first;
    return sum + routeStart[unit + count]! - routeStart[unit]!;
  }, 0);
}

function checkLimits({ neurons, synapses, memory }: AllocatedCore, core: number, target: Target): void {
  const { perCore } = target;
  const refuse = (need: number, limit: number, what: string, facts: [string, string][] = []) => {
    if (need <= limit) return;
    throw new EngramError(
      'E0401',
      `core ${core} needs ${need.toLocaleString('en')} ${what}; a core of '${target.name}' holds ${limit.toLocaleString('en')}`,
      {
        facts,
        fix: ['make the network smaller or sparser', 'choose another target (engram targets)'],
        context: { core, need, limit, what },
      },
    );
  };
  refuse(neurons, perCore.neurons, 'neurons');
  refuse(synapses, perCore.synapses, 'synapses');
  refuse(
    memoryTotal(memory),
    perCore.memoryBytes,
    'bytes of memory',
    Object.entries(memory).map(([kind, bytes]) => [kind, `${bytes.toLocaleString('en')} bytes`]),
  );
}
