import { EngramError } from '../errors/engram-error.js';
import { episodeBytes, neuronBytes } from './families/engram/memory.js';
import type { QuantizedNetwork } from './families/engram/quantized.js';
import { type AxonCount, type IncomingSynapses, incomingSynapses } from './incoming.js';
import type { Placement, Slice } from './passes.js';
import type { Target } from './target.js';

export interface PartitionOptions {
  /** Spread the neurons over this many cores, even if fewer would hold them. */
  readonly cores?: number | undefined;
}

/** What stands on a core so far. */
interface Load {
  neurons: number;
  axons: number;
  synapses: number;
  bytes: number;
}

/**
 * Pass 3: cuts the populations into the slices of each core. Neurons are taken in order and a core is filled until
 * the next neuron would break one of its limits, counted with the synapses and axons it brings. Populations are
 * never reordered, so that neighbours in the description stay neighbours on the chip.
 */
export function partition(
  network: QuantizedNetwork,
  target: Target,
  options: PartitionOptions = {},
): Placement {
  const total = network.network.populations.reduce(
    (sum, { model, size }) => sum + (model === 'input' ? 0 : size),
    0,
  );
  if (options.cores !== undefined) checkCoreCount(options.cores, total, target);
  const share = options.cores === undefined ? Number.POSITIVE_INFINITY : Math.ceil(total / options.cores);
  // Most networks fill their cores with neurons or synapses: then a bound on the axons decides as well, at no cost.
  const filler = fillCores(network, target, share, 'at most') ?? fillCores(network, target, share, 'exact')!;
  const cores = filler.finish();
  if (cores.length > target.cores) throw tooManyCores(network, target, total, cores.length, filler.reason);
  return cores;
}

/** Fills cores with all neurons. Null where axons are counted at most and could break a limit. */
function fillCores(
  network: QuantizedNetwork,
  target: Target,
  share: number,
  count: AxonCount,
): CoreFiller | null {
  const filler = new CoreFiller(network, target, share, count);
  for (const population of network.network.populations) {
    if (population.model === 'input') continue;
    const incoming = incomingSynapses(network, population.index, count);
    for (let neuron = 0; neuron < population.size; neuron++)
      if (!filler.add(population.index, neuron, incoming)) return null;
  }
  return filler;
}

class CoreFiller {
  /** What first made another core necessary. */
  reason = '';
  readonly #network: QuantizedNetwork;
  readonly #target: Target;
  readonly #share: number;
  readonly #exact: boolean;
  readonly #cores: Slice[][] = [];
  #slices: { population: number; first: number; count: number }[] = [];
  #load: Load;
  #core = 1;

  constructor(network: QuantizedNetwork, target: Target, share: number, count: AxonCount) {
    this.#network = network;
    this.#target = target;
    this.#share = share;
    this.#exact = count === 'exact';
    this.#load = { neurons: 0, axons: 0, synapses: 0, bytes: episodeBytes(network) };
    if (this.#load.bytes > target.perCore.memoryBytes) throw bufferTooLarge(network, target);
  }

  /** False where only exact counts could tell whether the neuron fits. */
  add(population: number, neuron: number, incoming: IncomingSynapses): boolean {
    let needs = this.#needs(population, neuron, incoming);
    const full = this.#limitBroken(needs);
    if (full !== null && this.#load.neurons > 0) {
      if (!this.#exact && full.dependsOnAxons) return false;
      this.reason ||= full.limit;
      this.#close();
      needs = this.#needs(population, neuron, incoming);
    }
    const alone = this.#load.neurons === 0 ? this.#limitBroken(needs) : null;
    if (alone !== null) {
      if (!this.#exact && alone.dependsOnAxons) return false;
      throw neuronTooLarge(this.#network, this.#target, population, neuron, alone.limit);
    }
    incoming.take(neuron, this.#core);
    this.#load.neurons += needs.neurons;
    this.#load.axons += needs.axons;
    this.#load.synapses += needs.synapses;
    this.#load.bytes += needs.bytes;
    this.#extend(population, neuron);
    return true;
  }

  finish(): Slice[][] {
    if (this.#load.neurons > 0 || this.#cores.length === 0) this.#close();
    return this.#cores;
  }

  #needs(population: number, neuron: number, incoming: IncomingSynapses): Load {
    const { synapses, axons, bytes } = incoming.cost(neuron, this.#core);
    return { neurons: 1, synapses, axons, bytes: bytes + neuronBytes(this.#network, population) };
  }

  /** The first limit that adding `needs` would break, in words. */
  #limitBroken(needs: Load): { readonly limit: string; readonly dependsOnAxons: boolean } | null {
    const { perCore } = this.#target;
    const over = (what: keyof Load, limit: number, name: string) =>
      this.#load[what] + needs[what] > limit
        ? {
            limit: `${limit.toLocaleString('en')} ${name}`,
            dependsOnAxons: what === 'axons' || what === 'bytes',
          }
        : null;
    return (
      over('neurons', Math.min(perCore.neurons, this.#share), 'neurons') ??
      over('axons', perCore.axons, 'axons') ??
      over('synapses', perCore.synapses, 'synapses') ??
      over('bytes', perCore.memoryBytes, 'bytes of memory')
    );
  }

  #extend(population: number, neuron: number): void {
    const last = this.#slices.at(-1);
    if (last?.population === population && last.first + last.count === neuron) last.count++;
    else this.#slices.push({ population, first: neuron, count: 1 });
  }

  #close(): void {
    this.#cores.push(this.#slices);
    this.#slices = [];
    this.#load = { neurons: 0, axons: 0, synapses: 0, bytes: 0 };
    this.#core++;
  }
}

function checkCoreCount(cores: number, total: number, target: Target): void {
  if (cores >= 1 && cores <= target.cores && cores <= Math.max(1, total)) return;
  throw new EngramError('E0401', `the network cannot be spread over ${cores} cores`, {
    facts: [
      ['target', `${target.name}: ${target.cores} cores`],
      ['neurons', String(total)],
    ],
    fix: [`choose --cores between 1 and ${Math.min(target.cores, Math.max(1, total))}`],
  });
}

function bufferTooLarge(network: QuantizedNetwork, target: Target): EngramError {
  const { slots, events } = network.network.episodes!;
  const bytes = episodeBytes(network);
  return new EngramError(
    'E0401',
    `the episodic buffer needs ${bytes.toLocaleString('en')} bytes; a core of '${target.name}' holds ` +
      target.perCore.memoryBytes.toLocaleString('en'),
    {
      facts: [['buffer', `${slots} slots of ${events} events`]],
      fix: ['give episodes fewer slots or events', 'choose another target (engram targets)'],
      context: { bytes, slots, events },
    },
  );
}

function neuronTooLarge(
  network: QuantizedNetwork,
  target: Target,
  population: number,
  neuron: number,
  limit: string,
): EngramError {
  const { name } = network.network.populations[population]!;
  return new EngramError(
    'E0401',
    `neuron ${neuron} of population '${name}' does not fit a core by itself: a core of '${target.name}' holds ${limit}`,
    {
      fix: ['give it fewer inputs, or choose another target (engram targets)'],
      context: { population: name, neuron },
    },
  );
}

function tooManyCores(
  network: QuantizedNetwork,
  target: Target,
  neurons: number,
  needed: number,
  reason: string,
): EngramError {
  const largest = network.network.populations
    .filter(({ model }) => model !== 'input')
    .reduce((a, b) => (b.size > a.size ? b : a));
  const synapses = network.projections.reduce((sum, projection) => sum + projection.synapses, 0);
  return new EngramError(
    'E0401',
    `network '${network.network.name}' needs ${needed} cores; target '${target.name}' has ${target.cores}. ` +
      `What filled a core first: ${reason}`,
    {
      facts: [
        [
          'neurons',
          `${neurons.toLocaleString('en')} (${target.perCore.neurons.toLocaleString('en')} a core)`,
        ],
        [
          'synapses',
          `${synapses.toLocaleString('en')} (${target.perCore.synapses.toLocaleString('en')} a core)`,
        ],
        ['memory', `${target.perCore.memoryBytes.toLocaleString('en')} bytes a core`],
        ['largest', `population '${largest.name}' with ${largest.size.toLocaleString('en')} neurons`],
      ],
      fix: [
        `make '${largest.name}' smaller or its projections sparser`,
        'choose a larger target with --target (engram targets lists them)',
      ],
      context: { coresNeeded: needed, cores: target.cores, neurons, synapses, reason },
    },
  );
}
