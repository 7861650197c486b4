import type { ConnectSpec, ResolvedProjection } from '../network/resolved.js';
import { type Indices, makeIndices } from './passes.js';
import type { Draws } from './random.js';

/** Which pairs are connected: rows of columns, rising, and for lists the place of each synapse in the list. */
export interface Connectivity {
  readonly full: boolean;
  readonly rowStart: Uint32Array;
  readonly targets: Indices;
  /** For lists: index in the list of each synapse, so that given values find their synapse. */
  readonly order: Uint32Array | null;
}

/** Draws or lays out the pairs of a projection, in time linear in synapses (all-to-all: in rows). */
export function connect(projection: ResolvedProjection, draws: Draws): Connectivity {
  const rows = projection.from.count;
  const columns = projection.to.count;
  const spec = projection.connect;
  switch (spec.kind) {
    case 'one-to-one':
      return sparse(
        Uint32Array.from({ length: rows + 1 }, (_, n) => n),
        rising(rows),
      );
    case 'all-to-all':
      if (selfColumn(projection, spec) === null)
        return {
          full: true,
          rowStart: Uint32Array.from({ length: rows + 1 }, (_, n) => n * columns),
          targets: makeIndices(0, columns),
          order: null,
        };
      return withProbability(projection, { ...spec, p: 1 }, draws);
    case 'probability':
      return withProbability(projection, spec, draws);
    case 'in-degree':
      return withInDegree(projection, spec, draws);
    case 'list':
      return fromPairs(rows, columns, spec.pre, spec.post);
  }
}

function rising(length: number): Indices {
  const indices = makeIndices(length, length);
  for (let n = 0; n < length; n++) indices[n] = n;
  return indices;
}

function sparse(rowStart: Uint32Array, targets: Indices): Connectivity {
  return { full: false, rowStart, targets, order: null };
}

/** Column that stands for the same neuron as row 0 (it may lie outside), or null where self-connections are allowed or impossible. */
function selfColumn(projection: ResolvedProjection, spec: { selfConnections: boolean }): number | null {
  const { from, to } = projection;
  if (spec.selfConnections || from.population !== to.population) return null;
  const offset = from.first - to.first;
  return offset + from.count <= 0 || offset >= to.count ? null : offset;
}

/** Each pair with probability p, by drawing the gaps between connections (geometric). */
function withProbability(
  projection: ResolvedProjection,
  spec: { p: number; selfConnections: boolean },
  draws: Draws,
): Connectivity {
  const rows = projection.from.count;
  const columns = projection.to.count;
  const self = selfColumn(projection, spec);
  const gap = spec.p >= 1 ? () => 0 : gapDrawer(spec.p, draws);
  const rowStart = new Uint32Array(rows + 1);
  const expected = rows * columns * spec.p;
  let targets = makeIndices(Math.ceil(expected + 6 * Math.sqrt(expected)) + 16, columns);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = gap(); column < columns; column += 1 + gap()) {
      if (self !== null && column === row + self) continue;
      if (count === targets.length) targets = grown(targets, columns);
      targets[count++] = column;
    }
    rowStart[row + 1] = count;
  }
  // Not copied: what lies behind was never touched and takes no memory.
  return sparse(rowStart, targets.subarray(0, count) as Indices);
}

function gapDrawer(p: number, draws: Draws): () => number {
  if (p <= 0) return () => Number.POSITIVE_INFINITY;
  const scale = 1 / Math.log(1 - p);
  return () => Math.floor(Math.log(1 - draws.uniform()) * scale);
}

function grown(array: Indices, bound: number): Indices {
  const larger = makeIndices(Math.ceil(array.length * 1.25), bound);
  larger.set(array);
  return larger;
}

/** n distinct sources for each target: draws are repeated until new (n small) or taken from a shuffle (n large). */
function withInDegree(
  projection: ResolvedProjection,
  spec: Extract<ConnectSpec, { kind: 'in-degree' }>,
  draws: Draws,
): Connectivity {
  const rows = projection.from.count;
  const columns = projection.to.count;
  const self = selfColumn(projection, spec);
  const sources = makeIndices(columns * spec.n, rows);
  const columnStart = new Uint32Array(columns + 1);
  const lastUsed = new Uint32Array(rows);
  const shuffled = spec.n * 2 > rows ? Uint32Array.from({ length: rows }, (_, n) => n) : null;
  let count = 0;
  for (let column = 0; column < columns; column++) {
    const ownRow = self === null ? -1 : column - self;
    for (let n = 0, taken = 0; n < spec.n && taken < rows; ) {
      const row = shuffled ? takeNext(shuffled, taken, draws) : draws.below(rows);
      taken += shuffled ? 1 : 0;
      if (row === ownRow || (!shuffled && lastUsed[row] === column + 1)) continue;
      lastUsed[row] = column + 1;
      sources[count++] = row;
      n++;
    }
    columnStart[column + 1] = count;
  }
  const rowStart = countRows(rows, sources, count);
  const place = rowStart.slice();
  const targets = makeIndices(count, columns);
  for (let column = 0; column < columns; column++)
    for (let n = columnStart[column]!; n < columnStart[column + 1]!; n++) {
      const row = sources[n]!;
      const at = place[row]!;
      targets[at] = column;
      place[row] = at + 1;
    }
  return sparse(rowStart, targets);
}

/** rows + 1 starts of rows that hold the synapses with the first `count` of those sources. */
function countRows(rows: number, sources: Indices, count: number): Uint32Array {
  const rowStart = new Uint32Array(rows + 1);
  for (let n = 0; n < count; n++) {
    const row = sources[n]!;
    rowStart[row + 1] = rowStart[row + 1]! + 1;
  }
  for (let row = 0; row < rows; row++) rowStart[row + 1] = rowStart[row + 1]! + rowStart[row]!;
  return rowStart;
}

/** One step of a Fisher-Yates shuffle: swaps a random later element to place `at` and gives it. */
function takeNext(items: Uint32Array, at: number, draws: Draws): number {
  const other = at + draws.below(items.length - at);
  const item = items[other]!;
  items[other] = items[at]!;
  items[at] = item;
  return item;
}

/** Rows from pairs in any order: two stable counting sorts, by target and then by source. */
function fromPairs(rows: number, columns: number, pre: Uint32Array, post: Uint32Array): Connectivity {
  const order = countingOrder(pre, rows, countingOrder(post, columns, null));
  const rowStart = countRows(rows, pre as Indices, pre.length);
  const targets = makeIndices(post.length, columns);
  for (let n = 0; n < order.length; n++) targets[n] = post[order[n]!]!;
  return { full: false, rowStart, targets, order };
}

/** Stable order of the indices by key, a number below `bound`, taking them in the given order first. */
function countingOrder(keys: Uint32Array, bound: number, first: Uint32Array | null): Uint32Array {
  const place = new Uint32Array(bound + 1);
  for (let n = 0; n < keys.length; n++) {
    const key = keys[n]!;
    place[key + 1] = place[key + 1]! + 1;
  }
  for (let key = 0; key < bound; key++) place[key + 1] = place[key + 1]! + place[key]!;
  const order = new Uint32Array(keys.length);
  for (let n = 0; n < keys.length; n++) {
    const index = first === null ? n : first[n]!;
    const key = keys[index]!;
    const at = place[key]!;
    order[at] = index;
    place[key] = at + 1;
  }
  return order;
}
