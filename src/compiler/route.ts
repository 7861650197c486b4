import { EngramError } from '../errors/engram-error.js';
import { primaryAxon, routeAxonBits } from '../image/layout.js';
import type { QuantizedNetwork, QuantizedTrace } from './families/engram/quantized.js';
import type { Placement } from './passes.js';
import { type CoreRows, splitProjection } from './split.js';
import type { Target } from './target.js';

type PreTraces = readonly [QuantizedTrace | null, QuantizedTrace | null];

/** Axons of one core with the same source population, delay and pre-traces. */
export interface AxonGroup {
  readonly population: number;
  readonly delay: number;
  readonly traces: PreTraces;
  readonly firstAxon: number;
  /** Source neurons (in their population), rising. */
  readonly sources: Uint32Array;
  /** Parts whose rows are these axons. */
  readonly parts: readonly CoreRows[];
}

export interface RoutedCore {
  readonly groups: readonly AxonGroup[];
  /** Source unit of each axon, with the primary mark. */
  readonly axons: Uint32Array;
}

export interface RoutedNetwork {
  readonly cores: readonly RoutedCore[];
  /** Routes of each unit of the network: unitCount + 1 places, then route words by core and axon. */
  readonly routeStart: Uint32Array;
  readonly routes: Uint32Array;
}

/**
 * Pass 5: gives every core the axons that its synapses need, and every unit the routes to them. After `place`,
 * because a route names the core; before `allocate`, which lays the synapses out along the axons.
 */
export function route(network: QuantizedNetwork, placement: Placement, target: Target): RoutedNetwork {
  const parts: CoreRows[][] = placement.map(() => []);
  network.projections.forEach((_, index) => {
    for (const part of splitProjection(network, index, placement)) parts[part.core]!.push(part);
  });
  const seen = new Map<string, Uint8Array>();
  const cores = parts.map((own, core) => buildAxons(network, own, core, seen, target));
  return { cores, ...buildRoutes(network, cores) };
}

function buildAxons(
  network: QuantizedNetwork,
  parts: readonly CoreRows[],
  core: number,
  seen: Map<string, Uint8Array>,
  target: Target,
): RoutedCore {
  const byKey = new Map<string, CoreRows[]>();
  for (const part of parts) {
    const key = groupKey(network, part);
    byKey.set(key, [...(byKey.get(key) ?? []), part]);
  }
  const groups: AxonGroup[] = [];
  const words: Uint32Array[] = [];
  let firstAxon = 0;
  for (const [key, members] of [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const population = network.projections[members[0]!.projection]!.projection.from.population;
    const { size, firstUnit } = network.network.populations[population]!;
    const sources = unionOfRows(members, size);
    const known = seen.get(key) ?? new Uint8Array(size);
    seen.set(key, known);
    words.push(
      sources.map((source) => {
        const primary = known[source] === 0;
        known[source] = 1;
        return ((primary ? primaryAxon : 0) | (firstUnit + source)) >>> 0;
      }),
    );
    groups.push({
      population,
      delay: members[0]!.delay,
      traces: preTraces(network, members[0]!),
      firstAxon,
      sources,
      parts: members,
    });
    firstAxon += sources.length;
  }
  if (firstAxon > target.perCore.axons) throw tooManyAxons(core, firstAxon, target);
  return { groups, axons: concatenate(words, firstAxon) };
}

function preTraces(network: QuantizedNetwork, part: CoreRows): PreTraces {
  return network.quantized[part.projection]!.plasticity?.traces ?? [null, null];
}

/** Equal for parts that may share axons, on whatever core. */
function groupKey(network: QuantizedNetwork, part: CoreRows): string {
  const { population } = network.projections[part.projection]!.projection.from;
  const digits = (n: number) => String(n).padStart(5, '0');
  return `${digits(population)} ${digits(part.delay)} ${JSON.stringify(preTraces(network, part))}`;
}

function unionOfRows(parts: readonly CoreRows[], size: number): Uint32Array {
  if (parts.length === 1) return parts[0]!.rows;
  const present = new Uint8Array(size);
  for (const { rows } of parts) for (const row of rows) present[row] = 1;
  const sources = new Uint32Array(present.reduce((sum, one) => sum + one, 0));
  for (let source = 0, n = 0; source < size; source++) if (present[source]) sources[n++] = source;
  return sources;
}

function concatenate(arrays: readonly Uint32Array[], length: number): Uint32Array {
  const all = new Uint32Array(length);
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** Routes of every unit, sorted by core and axon: two passes over the axons. */
function buildRoutes(network: QuantizedNetwork, cores: readonly RoutedCore[]) {
  const units = network.network.populations.reduce((sum, { size }) => sum + size, 0);
  // Read as signed words: values from 2^31 on would make the loops work on doubles.
  const signed = cores.map(({ axons }) => new Int32Array(axons.buffer, axons.byteOffset, axons.length));
  const unitMask = primaryAxon - 1;
  const routeStart = new Uint32Array(units + 1);
  for (const axons of signed)
    for (let axon = 0; axon < axons.length; axon++) {
      const unit = axons[axon]! & unitMask;
      routeStart[unit + 1] = routeStart[unit + 1]! + 1;
    }
  for (let unit = 0; unit < units; unit++) routeStart[unit + 1] = routeStart[unit + 1]! + routeStart[unit]!;
  const place = routeStart.slice();
  const routes = new Uint32Array(routeStart[units]!);
  signed.forEach((axons, core) => {
    const coreWord = core << routeAxonBits;
    for (let axon = 0; axon < axons.length; axon++) {
      const unit = axons[axon]! & unitMask;
      routes[place[unit]!] = coreWord | axon;
      place[unit] = place[unit]! + 1;
    }
  });
  return { routeStart, routes };
}

function tooManyAxons(core: number, axons: number, target: Target): EngramError {
  return new EngramError(
    'E0401',
    `core ${core} needs ${axons.toLocaleString('en')} axons; a core of '${target.name}' holds ${target.perCore.axons.toLocaleString('en')}`,
    { fix: ['use fewer source neurons or fewer different delays', 'choose another target (engram targets)'] },
  );
}
