import { EngramError } from '../errors/engram-error.js';
import type { QuantizedNetwork, QuantizedTrace } from './families/engram/quantized.js';
import type { Placement } from './passes.js';
import { type CoreRows, splitProjection } from './split.js';
import type { Target } from './target.js';

type PreTraces = readonly [QuantizedTrace | null, QuantizedTrace | null];

/** Axons of one core with the same source population, delay and pre-traces. */
export interface AxonGroup {
  /** Equal for groups of different cores whose axons are copies of each other. */
  readonly key: string;
  readonly population: number;
  readonly delay: number;
  readonly traces: PreTraces;
  readonly firstAxon: number;
  /** Source neurons (in their population), rising: one axon each. */
  readonly sources: Uint32Array;
  /** Parts whose rows are these axons. */
  readonly parts: readonly CoreRows[];
}

export interface RoutedCore {
  readonly groups: readonly AxonGroup[];
  readonly axonCount: number;
}

export interface RoutedNetwork {
  readonly cores: readonly RoutedCore[];
  /** unitCount + 1 places: how many routes each unit of the network has. The routes follow from the axons. */
  readonly routeStart: Uint32Array;
}

/**
 * Pass 5: gives every core the axons that its synapses need, and every unit as many routes as it has axons. After
 * `place`, because a route names the core; before `allocate`, which lays the synapses out along the axons.
 */
export function route(network: QuantizedNetwork, placement: Placement, target: Target): RoutedNetwork {
  const parts: CoreRows[][] = placement.map(() => []);
  for (const connections of network.projections)
    for (const part of splitProjection(connections, placement)) parts[part.run.core]!.push(part);
  const cores = parts.map((own, core) => buildAxons(network, own, core, target));
  return { cores, routeStart: countRoutes(network, cores) };
}

function buildAxons(
  network: QuantizedNetwork,
  parts: readonly CoreRows[],
  core: number,
  target: Target,
): RoutedCore {
  const byKey = new Map<string, CoreRows[]>();
  for (const part of parts) {
    const key = groupKey(network, part);
    byKey.set(key, [...(byKey.get(key) ?? []), part]);
  }
  const groups: AxonGroup[] = [];
  let firstAxon = 0;
  for (const [key, members] of [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const population = network.projections[members[0]!.projection]!.projection.from.population;
    const sources = unionOfRows(members, network.network.populations[population]!.size);
    groups.push({
      key,
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
  return { groups, axonCount: firstAxon };
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
  let count = 0;
  for (const { rows } of parts)
    for (let n = 0; n < rows.length; n++) {
      const row = rows[n]!;
      if (present[row] === 0) count++;
      present[row] = 1;
    }
  const sources = new Uint32Array(count);
  for (let source = 0, n = 0; source < size; source++) if (present[source]) sources[n++] = source;
  return sources;
}

function countRoutes(network: QuantizedNetwork, cores: readonly RoutedCore[]): Uint32Array {
  const { populations } = network.network;
  const units = populations.reduce((sum, { size }) => sum + size, 0);
  const routeStart = new Uint32Array(units + 1);
  for (const { groups } of cores)
    for (const { population, sources } of groups) {
      const next = populations[population]!.firstUnit + 1;
      for (let n = 0; n < sources.length; n++) {
        const place = next + sources[n]!;
        routeStart[place] = routeStart[place]! + 1;
      }
    }
  for (let unit = 0; unit < units; unit++) routeStart[unit + 1] = routeStart[unit + 1]! + routeStart[unit]!;
  return routeStart;
}

function tooManyAxons(core: number, axons: number, target: Target): EngramError {
  return new EngramError(
    'E0401',
    `core ${core} needs ${axons.toLocaleString('en')} axons; a core of '${target.name}' holds ${target.perCore.axons.toLocaleString('en')}`,
    { fix: ['use fewer source neurons or fewer different delays', 'choose another target (engram targets)'] },
  );
}
