import { expect, test } from 'vitest';
import type { ResolvedProjection } from '../network/resolved.js';
import { elaborate } from './elaborate.js';
import { allocate } from './families/engram/allocate.js';
import { quantize } from './families/engram/quantize.js';
import { footprint } from './footprint.testing.js';
import { loadTarget } from './load-target.js';
import { partition } from './partition.js';
import { makeNetwork, plastic, reward, rstdp } from './resolved.testing.js';
import { route } from './route.js';

const target = loadTarget('manycore');
const neurons = 400;

/** What each pass leaves behind for the next, of one projection over three cores. */
function forms(p: number, fields: Partial<ResolvedProjection>) {
  const network = makeNetwork(
    [{ size: neurons }],
    [{ between: [0, 0], connect: { kind: 'probability', p, selfConnections: true }, ...fields }],
    { modulators: [reward] },
  );
  const elaborated = elaborate(network);
  const quantized = quantize(elaborated);
  const placement = partition(quantized, target, { cores: 3 });
  const routed = route(quantized, placement, target);
  const allocated = allocate(quantized, placement, routed, target);
  return {
    synapses: elaborated.projections[0]!.synapses,
    elaborated: footprint(elaborated),
    quantized: footprint(quantized),
    routed: footprint(routed),
    allocated: footprint(allocated),
  };
}

const drawn = { kind: 'uniform', low: 0, high: 0.4 } as const;
const cases: {
  readonly name: string;
  readonly fields: Partial<ResolvedProjection>;
  /** Bytes a synapse: the target takes 2. */
  readonly elaborated: number;
  readonly quantized: number;
}[] = [
  { name: 'equal weights', fields: {}, elaborated: 2, quantized: 2 },
  { name: 'drawn weights', fields: { weight: drawn }, elaborated: 2 + 4, quantized: 2 + 1 },
  {
    name: 'drawn plastic weights',
    fields: { weight: drawn, plasticity: plastic(rstdp(1000)) },
    elaborated: 2 + 4,
    quantized: 2 + 2,
  },
  {
    name: 'drawn delays',
    fields: { delay: { kind: 'uniform', low: 1, high: 4 } },
    elaborated: 2 + 1,
    quantized: 2 + 1,
  },
];

/** Of four times as many synapses between the same neurons; what is there for each row is there at both. */
test.each(cases)('no pass holds an object per synapse, nor more bytes than it must: $name', (given) => {
  const few = forms(0.2, given.fields);
  const many = forms(0.8, given.fields);
  const added = many.synapses - few.synapses;
  expect(added).toBeGreaterThan(90_000);
  const perSynapse = (form: 'elaborated' | 'quantized' | 'routed' | 'allocated') =>
    (many[form].bytes - few[form].bytes) / added;
  for (const form of ['elaborated', 'quantized', 'routed', 'allocated'] as const)
    expect(many[form].objects, form).toBe(few[form].objects);
  // Room for drawn connections has a margin, which is never touched.
  expect(perSynapse('elaborated')).toBeCloseTo(given.elaborated, 1);
  expect(perSynapse('quantized')).toBeCloseTo(given.quantized, 1);
  expect(perSynapse('routed')).toBeLessThan(0.01);
  expect(perSynapse('allocated')).toBeLessThan(0.01);
});
