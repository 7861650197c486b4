import type { NeuronGroupRecord } from '../../src/image/image.js';
import { blockFlags, neuronGroupFlags, traceModeCodes } from '../../src/image/layout.js';
import { asBytes } from '../../src/image/numbers.js';
import { stateMax } from './arithmetic.js';
import type { ModulatorState } from './modulators.js';
import type { CoreState } from './state.js';
import { coreArrays, type StateArray } from './state-arrays.js';

/** Why values of the modulators, which stand at the beginning of `bytes`, cannot be; null if they can. */
export function modulatorsFault({ m, baseline }: ModulatorState, bytes: Uint8Array): string | null {
  const read = new Values(bytes);
  const fits = [m, baseline].every((own) => allWithin(read.like(own), 0, own.length, -stateMax, stateMax));
  return fits ? null : 'a modulator is out of range';
}

/**
 * Why values of a core, which stand at the beginning of `bytes`, cannot be; null if they can (`docs/image.md`,
 * Checkpoints). The kernels rely on all of it: they leave out saturations that no value in its range needs.
 */
export function coreFault(core: CoreState, bytes: Uint8Array): string | null {
  const read = new Values(bytes);
  const values = new Map(coreArrays(core).map((own) => [own, read.like(own)] as const));
  const of = (own: StateArray) => values.get(own)!;
  return neuronsFault(core, of) ?? axonsFault(core, of) ?? arrivalsFault(core, of) ?? synapsesFault(core, of);
}

type Of = (own: StateArray) => StateArray;

function neuronsFault({ image, v, i, adaptation, y, refractory }: CoreState, of: Of): string | null {
  for (const group of image.neuronGroups) {
    const { firstNeuron: first, count, flags } = group;
    const within = (own: StateArray, low: number, high: number) =>
      own.length === 0 || allWithin(of(own), first, count, low, high);
    const bound = (flag: number) => ((flags & flag) !== 0 ? stateMax : 0);
    const [current, raised] = [bound(neuronGroupFlags.exponential), bound(neuronGroupFlags.adaptive)];
    const fits =
      within(v, -stateMax, stateMax) &&
      within(i, -current, current) &&
      within(adaptation, -raised, raised) &&
      modesOf(group).every((mode, n) => within(y[n]!, 0, mode === traceModeCodes.absent ? 0 : stateMax)) &&
      within(refractory, 0, group.refractory);
    if (!fits) return 'the state of a neuron is out of range';
  }
  return null;
}

function modesOf({ y1Mode, y2Mode, y3Mode }: NeuronGroupRecord): readonly number[] {
  return [y1Mode, y2Mode, y3Mode];
}

function axonsFault({ image, x }: CoreState, of: Of): string | null {
  for (const { firstAxon, count, x1Mode, x2Mode } of image.axonGroups)
    for (const [n, mode] of [x1Mode, x2Mode].entries()) {
      const high = mode === traceModeCodes.absent ? 0 : stateMax;
      if (x[n]!.length > 0 && !allWithin(of(x[n]!), firstAxon, count, 0, high))
        return 'a trace of an axon is out of range';
    }
  return null;
}

/** No bit behind the last axon. */
function arrivalsFault({ image, delayLine }: CoreState, of: Of): string | null {
  const used = image.core.axonCount & 31;
  if (used === 0) return null;
  const bits = of(delayLine.bits);
  for (let word = delayLine.wordsPerSlot - 1; word < bits.length; word += delayLine.wordsPerSlot)
    if (bits[word]! >>> used !== 0) return 'a spike in flight leads to no axon';
  return null;
}

function synapsesFault({ plasticBlocks, weights, tags, tags2 }: CoreState, of: Of): string | null {
  for (const { block, base } of plasticBlocks) {
    const count = block.synapseCount;
    const bound = (flag: number) => ((block.flags & flag) !== 0 ? 32767 : 0);
    const [first, second] = [bound(blockFlags.tag), bound(blockFlags.tag2)];
    const fits =
      allWithin(of(weights), base, count, block.wMin, block.wMax) &&
      allWithin(of(tags), base, count, -first, first) &&
      (tags2.length === 0 || allWithin(of(tags2), base, count, -second, second));
    if (!fits) return 'the state of a synapse is out of range';
  }
  return null;
}

function allWithin(values: StateArray, first: number, count: number, low: number, high: number): boolean {
  for (let n = first; n < first + count; n++) if (values[n]! < low || values[n]! > high) return false;
  return true;
}

/** Numbers that follow each other in bytes, at any alignment. */
class Values {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next, as many and of the same type as `own`. */
  like(own: StateArray): StateArray {
    const Kind = own.constructor as new (length: number) => StateArray;
    const values = new Kind(own.length);
    asBytes(values).set(this.#bytes.subarray(this.#at, this.#at + own.byteLength));
    this.#at += own.byteLength;
    return values;
  }
}
