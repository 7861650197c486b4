import fc from 'fast-check';
import type { NetworkDescription } from './description.js';
import { drawNetwork } from './drawn-network.js';

/** The networks of `drawNetwork`, shrinkable. */
export function arbitraryNetwork(): fc.Arbitrary<NetworkDescription> {
  return fc.gen().map((g) =>
    drawNetwork({
      integer: (min, max) => g(fc.integer, { min, max }),
      real: (min, max) =>
        Number((min + (g(fc.integer, { min: 0, max: 1000 }) / 1000) * (max - min)).toPrecision(6)),
      oneOf: (...choices) => choices[g(fc.nat, choices.length - 1)]!,
      flag: () => g(fc.boolean),
    }),
  );
}
