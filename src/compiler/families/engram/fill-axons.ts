import type { BoardBulk, CoreBulk } from '../../../image/image.js';
import { primaryAxon, routeAxonBits } from '../../../image/layout.js';
import type { ResolvedNetwork } from '../../../network/resolved.js';
import { coresOfUnits, type Placement } from '../../passes.js';
import type { RoutedNetwork } from '../../route.js';

/**
 * Writes the axons of every core and the routes that lead to them: those of a unit stand on its own core, those of an
 * input line on the board, in both cases sorted by core and axon.
 */
export function fillAxonsAndRoutes(
  network: ResolvedNetwork,
  placement: Placement,
  routed: RoutedNetwork,
  board: BoardBulk,
  cores: readonly CoreBulk[],
): void {
  const coreOf = coresOfUnits(network, placement);
  const next = fillRouteStarts(network, placement, routed, board, cores);
  const routesOf = [...cores.map(({ routes }) => routes), board.inputRoutes];
  const known = new Map<string, Uint8Array>();
  routed.cores.forEach(({ groups }, core) => {
    const { axons } = cores[core]!;
    for (const { key, population, firstAxon, sources } of groups) {
      const { firstUnit, size } = network.populations[population]!;
      const seen = known.get(key) ?? new Uint8Array(size);
      known.set(key, seen);
      const firstRoute = core * 2 ** routeAxonBits + firstAxon;
      for (let n = 0; n < sources.length; n++) {
        const source = sources[n]!;
        const unit = firstUnit + source;
        // The first copy of an axon counts in the state hash.
        axons[firstAxon + n] = seen[source] === 0 ? primaryAxon + unit : unit;
        seen[source] = 1;
        const place = next[unit]!;
        routesOf[coreOf[unit]!]![place] = firstRoute + n;
        next[unit] = place + 1;
      }
    }
  });
}

/** Fills all route starts, and gives the place of each unit's first route among those that stand with it. */
function fillRouteStarts(
  { populations }: ResolvedNetwork,
  placement: Placement,
  { routeStart }: RoutedNetwork,
  board: BoardBulk,
  cores: readonly CoreBulk[],
): Uint32Array {
  const places = new Uint32Array(routeStart.length - 1);
  const fillTable = (starts: Uint32Array, slices: readonly { unit: number; count: number }[]) => {
    let [entry, place] = [0, 0];
    for (const { unit: first, count } of slices)
      for (let unit = first; unit < first + count; unit++) {
        places[unit] = place;
        place += routeStart[unit + 1]! - routeStart[unit]!;
        starts[++entry] = place;
      }
  };
  placement.forEach((slices, core) => {
    fillTable(
      cores[core]!.routeStart,
      slices.map(({ population, first, count }) => ({
        unit: populations[population]!.firstUnit + first,
        count,
      })),
    );
  });
  const inputs = populations.filter(({ model }) => model === 'input');
  fillTable(
    board.inputRouteStart,
    inputs.map(({ firstUnit, size }) => ({ unit: firstUnit, count: size })),
  );
  return places;
}
