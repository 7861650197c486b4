import { periodsOf } from './reward-synapses.js';
import { Rounder } from './rounder.js';

/**
 * How long a tag that one event has set is remembered when decays round down, in parts of its time constant: until it
 * is 0. The tag begins with `part` of the largest. `bits` null would be for ever.
 */
export function reachOf(bits: number, part: number, tauTag: number): number {
  const rounder = new Rounder(bits, 'core', 1);
  const { tag: period } = periodsOf(tauTag);
  const keep = Math.exp(-period / tauTag);
  let visits = 0;
  for (let tag = rounder.increment(2 ** (bits - 1) * part); tag !== 0; tag = rounder.decayed(tag * keep))
    visits++;
  return (visits * period) / tauTag;
}
