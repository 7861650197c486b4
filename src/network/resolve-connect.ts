import type { Context } from './context.js';
import type { ConnectDescription } from './description.js';
import type { Path } from './problems.js';
import type { ConnectSpec, PopulationSlice } from './resolved.js';

/** Which pairs are connected, and how many they are (null: left to chance). */
export function resolveConnect(
  context: Context,
  path: Path,
  description: ConnectDescription = 'all-to-all',
  from: PopulationSlice,
  to: PopulationSlice,
): { readonly connect: ConnectSpec; readonly synapses: number | null } {
  const given = typeof description === 'string' ? { kind: description } : description;
  const { selfConnections = true } = given as { selfConnections?: boolean };
  const common = selfConnections ? 0 : overlap(from, to);
  switch (given.kind) {
    case 'all-to-all':
      return { connect: { kind: given.kind, selfConnections }, synapses: from.count * to.count - common };
    case 'one-to-one':
      if (from.count !== to.count)
        context.report(
          path,
          `is one-to-one from ${from.count} to ${to.count} neurons`,
          'as many sources as targets',
        );
      return { connect: { kind: given.kind }, synapses: from.count };
    case 'probability':
      return { connect: { kind: given.kind, p: given.p, selfConnections }, synapses: null };
    case 'in-degree': {
      const most = from.count - (common > 0 ? 1 : 0);
      if (given.n > most)
        context.report([...path, 'n'], `is ${given.n}`, `at most ${most}, the sources there are`);
      return { connect: { kind: given.kind, n: given.n, selfConnections }, synapses: null };
    }
    case 'list':
      return {
        connect: pairs(context, [...path, 'pairs'], given.pairs, from, to),
        synapses: given.pairs.length,
      };
  }
}

/** Neurons that are in both slices. */
function overlap(from: PopulationSlice, to: PopulationSlice): number {
  if (from.population !== to.population) return 0;
  const end = Math.min(from.first + from.count, to.first + to.count);
  return Math.max(0, end - Math.max(from.first, to.first));
}

const mostNamed = 5;

function pairs(
  context: Context,
  path: Path,
  list: readonly (readonly [number, number])[],
  from: PopulationSlice,
  to: PopulationSlice,
): ConnectSpec {
  const pre = new Uint32Array(list.length);
  const post = new Uint32Array(list.length);
  let wrong = 0;
  for (let n = 0; n < list.length; n++) {
    const pair = list[n]!;
    pre[n] = pair[0];
    post[n] = pair[1];
    if (pair[0] < from.count && pair[1] < to.count) continue;
    if (++wrong <= mostNamed)
      context.report(
        [...path, n],
        `is [${pair[0]}, ${pair[1]}]`,
        `source 0 to ${from.count - 1}, target 0 to ${to.count - 1} (places inside the slices)`,
      );
  }
  if (wrong > mostNamed) context.report(path, `has ${wrong - mostNamed} more such pairs`);
  return { kind: 'list', pre, post };
}
