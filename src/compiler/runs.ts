import type { Connections, Placement } from './passes.js';

/** The columns of a projection that stand on one core: neurons that follow each other there as in their population. */
export interface ColumnRun {
  readonly core: number;
  readonly firstColumn: number;
  readonly endColumn: number;
  /** Core-local number of its first neuron, and the place of that in its population. */
  readonly firstNeuron: number;
  readonly firstTarget: number;
}

/** The runs of a projection, by core and by column; together they are all of its columns. */
export function columnRuns({ projection }: Connections, cores: Placement): ColumnRun[] {
  const { to } = projection;
  return cores.flatMap((slices, core) => {
    let local = 0;
    return slices.flatMap((slice): ColumnRun[] => {
      const base = local;
      local += slice.count;
      const first = Math.max(slice.first, to.first);
      const end = Math.min(slice.first + slice.count, to.first + to.count);
      if (slice.population !== to.population || first >= end) return [];
      return [
        {
          core,
          firstColumn: first - to.first,
          endColumn: end - to.first,
          firstNeuron: base + first - slice.first,
          firstTarget: first,
        },
      ];
    });
  });
}

/** The synapses `first` to `end` of a row that lead to one run: they stand beside each other. */
export type VisitSegment = (row: number, run: number, first: number, end: number) => void;

/** Calls with every such segment that is not empty, row by row. */
export function forEachSegment(
  connections: Connections,
  runs: readonly ColumnRun[],
  visit: VisitSegment,
): void {
  const { full, rows, columns, rowStart, targets } = connections;
  if (full) {
    for (let row = 0; row < rows; row++)
      runs.forEach(({ firstColumn, endColumn }, run) => {
        visit(row, run, row * columns + firstColumn, row * columns + endColumn);
      });
    return;
  }
  const runOf = new Uint16Array(columns);
  runs.forEach(({ firstColumn, endColumn }, run) => {
    runOf.fill(run, firstColumn, endColumn);
  });
  const ends = Uint32Array.from(runs, ({ endColumn }) => endColumn);
  for (let row = 0; row < rows; row++) {
    const rowEnd = rowStart[row + 1]!;
    for (let first = rowStart[row]!; first < rowEnd; ) {
      const run = runOf[targets[first]!]!;
      const endColumn = ends[run]!;
      let end = first + 1;
      if (targets[rowEnd - 1]! < endColumn) end = rowEnd;
      else while (targets[end]! < endColumn) end++;
      visit(row, run, first, end);
      first = end;
    }
  }
}

/** First synapse of a row whose column is `column` or more, by bisection. */
export function lowerBound(connections: Connections, row: number, column: number): number {
  const { full, columns, rowStart, targets } = connections;
  if (full) return row * columns + column;
  let low = rowStart[row]!;
  let high = rowStart[row + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (targets[middle]! < column) low = middle + 1;
    else high = middle;
  }
  return low;
}
