import { periodsOf } from './reward-synapses.js';
import { Rounder } from './rounder.js';

/** A tag set by one event to `part` of the largest, visit by visit, in steps of the format, when decays round down. */
function* fading(bits: number, part: number, tauTag: number): Generator<number> {
  const rounder = new Rounder(bits, 'core', 1);
  const keep = Math.exp(-periodsOf(tauTag).tag / tauTag);
  for (let tag = rounder.increment(2 ** (bits - 1) * part); tag !== 0; tag = rounder.decayed(tag * keep))
    yield tag;
}

/** How long such a tag is remembered, in parts of its time constant: until it is 0. */
export function reachOf(bits: number, part: number, tauTag: number): number {
  const visits = [...fading(bits, part, tauTag)].length;
  return (visits * periodsOf(tauTag).tag) / tauTag;
}

/** What is left of such a tag after so many time constants, as a part of what exact decay leaves. */
export function leftOf(bits: number, part: number, tauTag: number, after: number): number {
  const { tag: period } = periodsOf(tauTag);
  const visits = Math.round((after * tauTag) / period);
  const left = [...fading(bits, part, tauTag)][visits] ?? 0;
  return left / (2 ** (bits - 1) * part) / Math.exp((-visits * period) / tauTag);
}
