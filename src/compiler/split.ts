import type { Connections, Placement } from './passes.js';
import { type ColumnRun, columnRuns, forEachSegment } from './runs.js';

/** The rows of one projection and one delay on one core; the synapses stay where `elaborate` put them. */
export interface CoreRows {
  readonly projection: number;
  readonly run: ColumnRun;
  /** Place of the run among those of the projection. */
  readonly runIndex: number;
  readonly delay: number;
  /** Every row reaches every neuron of the run. */
  readonly full: boolean;
  /** Source neuron (in its population) of each row that has synapses, rising. */
  readonly rows: Uint32Array;
  /** rows + 1 places in the synapses of the part. */
  readonly rowStart: Uint32Array;
}

/** There are at most 63 delays: a place in the tables of a projection's parts is run · 64 + delay. */
export const delayKeys = 64;

/** Cuts a projection into the parts of each core and delay; two passes over its rows, none over pairs. */
export function splitProjection(connections: Connections, placement: Placement): CoreRows[] {
  const runs = columnRuns(connections, placement);
  const counts = countParts(connections, runs);
  const { firstRow, rows, starts } = collectRows(connections, runs, counts);
  const parts: CoreRows[] = [];
  let rank = 0;
  counts.forEach((count, key) => {
    if (count === 0) return;
    const first = firstRow[key]!;
    const runIndex = Math.floor(key / delayKeys);
    parts.push({
      projection: connections.projection.index,
      run: runs[runIndex]!,
      runIndex,
      delay: key % delayKeys,
      full: connections.full && typeof connections.delays === 'number',
      rows: rows.subarray(first, first + count),
      rowStart: starts.subarray(first + rank, first + rank + count + 1),
    });
    rank++;
  });
  return parts;
}

/** Non-empty rows of each part. */
function countParts(connections: Connections, runs: readonly ColumnRun[]): Uint32Array {
  const { delays } = connections;
  const counts = new Uint32Array(runs.length * delayKeys);
  const lastRow = new Uint32Array(counts.length);
  forEachSegment(connections, runs, (row, run, first, end) => {
    if (typeof delays === 'number') {
      const key = run * delayKeys + delays;
      counts[key] = counts[key]! + 1;
      return;
    }
    for (let synapse = first; synapse < end; synapse++) {
      const key = run * delayKeys + delays[synapse]!;
      if (lastRow[key] === row + 1) continue;
      lastRow[key] = row + 1;
      counts[key] = counts[key]! + 1;
    }
  });
  return counts;
}

/** Rows and row starts of all parts, part after part; a part has one start more than rows. */
function collectRows(connections: Connections, runs: readonly ColumnRun[], counts: Uint32Array) {
  const { delays, projection } = connections;
  const firstRow = new Uint32Array(counts.length);
  // Of each part: its next row, its next start, and the synapses so far.
  const nextRow = new Uint32Array(counts.length);
  const nextStart = new Uint32Array(counts.length);
  const written = new Uint32Array(counts.length);
  let total = 0;
  let parts = 0;
  counts.forEach((count, key) => {
    firstRow[key] = total;
    nextRow[key] = total;
    // The first start of a part is 0; each row writes where it ends.
    nextStart[key] = total + parts;
    total += count;
    if (count > 0) parts++;
  });
  const rows = new Uint32Array(total);
  const starts = new Uint32Array(total + parts);
  const lastRow = new Uint32Array(counts.length);
  const take = (row: number, key: number, synapses: number) => {
    const sum = written[key]! + synapses;
    written[key] = sum;
    if (lastRow[key] !== row + 1) {
      lastRow[key] = row + 1;
      rows[nextRow[key]!] = projection.from.first + row;
      nextRow[key] = nextRow[key]! + 1;
      nextStart[key] = nextStart[key]! + 1;
    }
    starts[nextStart[key]!] = sum;
  };
  forEachSegment(connections, runs, (row, run, first, end) => {
    if (typeof delays === 'number') take(row, run * delayKeys + delays, end - first);
    else for (let synapse = first; synapse < end; synapse++) take(row, run * delayKeys + delays[synapse]!, 1);
  });
  return { firstRow, rows, starts };
}
