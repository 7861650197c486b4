import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEngramError } from '../errors/engram-error.js';
import type { Image } from '../image/image.js';
import { blockKindCodes, modelCodes, primaryAxon, routeAxonBits } from '../image/layout.js';
import { readImage } from '../image/read.js';
import { arbitraryNetwork } from '../network/arbitrary-network.testing.js';
import { resolveNetwork } from '../network/resolve.js';
import type { ResolvedNetwork } from '../network/resolved.js';
import { compile } from './compile.js';
import { elaborate } from './elaborate.js';
import { quantize } from './families/engram/quantize.js';
import { synapsesOfImage, synapsesOfNetwork } from './image-synapses.testing.js';
import { loadTarget } from './load-target.js';
import { makeNetwork } from './resolved.testing.js';

const manycore = loadTarget('manycore');

function checkImageOf(network: ResolvedNetwork, cores: number): Image {
  const image = readImage(compile(network, manycore, { cores }).image);
  expect(differences(synapsesOfImage(image), synapsesOfNetwork(quantize(elaborate(network))))).toEqual([]);
  expect(differences(routesOf(image), axonsOf(image))).toEqual([]);
  return image;
}

/** Lines that one list has more often than the other. */
function differences(some: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of some) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts].filter(([, count]) => count !== 0).map(([line]) => line);
}

/** Every axon as "unit core axon", from the axons; a copy of its group is marked as the first one exactly once. */
function axonsOf(image: Image): string[] {
  const lines: string[] = [];
  const primaries = new Set<string>();
  const copies = new Set<string>();
  const twice: string[] = [];
  image.cores.forEach(({ axonGroups, axons }, core) => {
    for (const { firstAxon, count, ...group } of axonGroups)
      for (let axon = firstAxon; axon < firstAxon + count; axon++) {
        const unit = axons[axon]! & ~primaryAxon;
        const copy = `${unit} ${JSON.stringify(group)}`;
        if (axons[axon]! >= primaryAxon) {
          if (primaries.has(copy)) twice.push(copy);
          primaries.add(copy);
        }
        copies.add(copy);
        lines.push(`${unit} ${core} ${axon}`);
      }
  });
  expect(twice).toEqual([]);
  expect(differences([...primaries], [...copies])).toEqual([]);
  return lines;
}

/** The same from the routes of neurons and input lines. */
function routesOf(image: Image): string[] {
  const lines: string[] = [];
  const add = (unit: number, starts: Uint32Array, routes: Uint32Array, place: number) => {
    for (const route of routes.subarray(starts[place], starts[place + 1]))
      lines.push(`${unit} ${route >>> routeAxonBits} ${route % 2 ** routeAxonBits}`);
  };
  for (const { neuronGroups, routeStart, routes } of image.cores)
    for (const { firstNeuron, firstUnit, count } of neuronGroups)
      for (let n = 0; n < count; n++) add(firstUnit + n, routeStart, routes, firstNeuron + n);
  let line = 0;
  for (const { model, firstUnit, size } of image.populations)
    if (model === modelCodes.input)
      for (let n = 0; n < size; n++) add(firstUnit + n, image.inputRouteStart, image.inputRoutes, line++);
  return lines;
}

test('the image holds every synapse of the network once, and every route leads to an axon of its unit', () => {
  fc.assert(
    fc.property(arbitraryNetwork(), fc.integer({ min: 1, max: 6 }), (description, wanted) => {
      const network = resolveNetwork(description);
      const neurons = network.populations.reduce(
        (sum, { model, size }) => sum + (model === 'input' ? 0 : size),
        0,
      );
      try {
        checkImageOf(network, Math.min(wanted, neurons));
      } catch (error) {
        // A number that the core cannot hold.
        if (!isEngramError(error, 'E0403')) throw error;
      }
    }),
    { numRuns: 150 },
  );
});

test('a part of more rows than a block has axons, of which one block is dense and the other is not', () => {
  // Three of four pairs; the last source twice to the same neuron, which no table can hold.
  const pairs = Array.from({ length: 66_000 * 4 }, (_, n) => [n >> 2, n & 3] as const).filter(
    ([source, target]) => (source + target) % 4 !== 0,
  );
  pairs.push([65_999, 0], [65_999, 0]);
  const network = makeNetwork(
    [{ model: 'input', size: 66_000 }, { size: 4 }],
    [
      {
        between: [0, 1],
        connect: {
          kind: 'list',
          pre: Uint32Array.from(pairs, ([source]) => source),
          post: Uint32Array.from(pairs, ([, target]) => target),
        },
        weight: { kind: 'values', values: Float64Array.from(pairs, (_, n) => (1 + (n % 50)) / 1e5) },
      },
    ],
  );
  const { dense, sparse } = blockKindCodes;
  const image = checkImageOf(network, 1);
  expect(image.cores[0]!.blocks.map(({ kind }) => kind)).toEqual([dense, sparse]);
});
