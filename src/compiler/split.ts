import type { QuantizedNetwork } from './families/engram/quantized.js';
import { columnOf, type ElaboratedProjection, type Placement } from './passes.js';

/** The synapses of one projection and one delay on one core, row by row. */
export interface CoreRows {
  readonly projection: number;
  readonly core: number;
  readonly delay: number;
  /** Every row reaches every neuron of the run. */
  readonly full: boolean;
  /** Neurons of the run: core-local number of the first, and how many. */
  readonly firstNeuron: number;
  readonly neuronCount: number;
  /** Place in its population of the first neuron of the run. */
  readonly firstTarget: number;
  /** Source neuron (in its population) of each row that has synapses, rising. */
  readonly rows: Uint32Array;
  readonly rowStart: Uint32Array;
  /** Neuron of each synapse, counted from the first of the run; rises within a row. */
  readonly targets: Uint16Array;
  readonly weights: Int8Array | Int16Array;
}

/** Cores have at most 63 delays each: a place in the tables below is core · 64 + delay. */
const delays = 64;

/** Cuts a projection into the parts of each core and delay; two passes over the synapses, none over pairs. */
export function splitProjection(network: QuantizedNetwork, index: number, cores: Placement): CoreRows[] {
  const elaborated = network.projections[index]!;
  const runs = columnRuns(elaborated, cores);
  const counts = countParts(elaborated, runs, cores.length);
  const weights = network.quantized[index]!.weights;
  const parts = new Map<number, PartWriter>();
  counts.synapses.forEach((synapses, key) => {
    if (synapses === 0) return;
    const core = key >>> 6;
    const run = runs.ofCore.get(core)!;
    parts.set(key, {
      projection: index,
      core,
      delay: key & (delays - 1),
      full: elaborated.full && typeof elaborated.delays === 'number',
      firstNeuron: run.firstNeuron,
      neuronCount: run.count,
      firstTarget: run.firstTarget,
      rows: new Uint32Array(counts.rows[key]!),
      rowStart: new Uint32Array(counts.rows[key]! + 1),
      targets: new Uint16Array(synapses),
      weights: weights instanceof Int8Array ? new Int8Array(synapses) : new Int16Array(synapses),
      row: -1,
      rowsWritten: 0,
      written: 0,
    });
  });
  const table = Array.from({ length: counts.synapses.length }, (_, key) => parts.get(key));
  forEachSynapse(elaborated, runs, (row, column, key, synapse) => {
    const part = table[key]!;
    if (part.row !== row) {
      part.row = row;
      part.rows[part.rowsWritten++] = elaborated.projection.from.first + row;
    }
    part.targets[part.written] = column - runs.firstColumn[column]!;
    part.weights[part.written++] = weights[synapse]!;
    part.rowStart[part.rowsWritten] = part.written;
  });
  return [...parts.values()];
}

interface PartWriter extends CoreRows {
  row: number;
  rowsWritten: number;
  written: number;
}

/** Which core holds each column of a projection, and where its run of columns begins. */
interface ColumnRuns {
  readonly core: Uint16Array;
  readonly firstColumn: Uint32Array;
  readonly ofCore: Map<number, { firstNeuron: number; firstTarget: number; count: number }>;
}

function columnRuns({ projection, columns }: ElaboratedProjection, cores: Placement): ColumnRuns {
  const runs: ColumnRuns = {
    core: new Uint16Array(columns),
    firstColumn: new Uint32Array(columns),
    ofCore: new Map(),
  };
  const { to } = projection;
  cores.forEach((slices, core) => {
    let firstNeuron = 0;
    for (const slice of slices) {
      const first = Math.max(slice.first, to.first);
      const end = Math.min(slice.first + slice.count, to.first + to.count);
      if (slice.population === to.population && first < end) {
        runs.core.fill(core, first - to.first, end - to.first);
        runs.firstColumn.fill(first - to.first, first - to.first, end - to.first);
        runs.ofCore.set(core, {
          firstNeuron: firstNeuron + first - slice.first,
          firstTarget: first,
          count: end - first,
        });
      }
      firstNeuron += slice.count;
    }
  });
  return runs;
}

function forEachSynapse(
  elaborated: ElaboratedProjection,
  runs: ColumnRuns,
  visit: (row: number, column: number, key: number, synapse: number) => void,
): void {
  const { rows, rowStart, delays: delay } = elaborated;
  for (let row = 0; row < rows; row++) {
    const end = rowStart[row + 1]!;
    for (let synapse = rowStart[row]!; synapse < end; synapse++) {
      const column = columnOf(elaborated, row, synapse);
      const ticks = typeof delay === 'number' ? delay : delay[synapse]!;
      visit(row, column, runs.core[column]! * delays + ticks, synapse);
    }
  }
}

/** Synapses and non-empty rows of each part. */
function countParts(elaborated: ElaboratedProjection, runs: ColumnRuns, cores: number) {
  const synapses = new Uint32Array(cores * delays);
  const rows = new Uint32Array(cores * delays);
  const lastRow = new Uint32Array(cores * delays);
  forEachSynapse(elaborated, runs, (row, _column, key) => {
    synapses[key] = synapses[key]! + 1;
    if (lastRow[key] === row + 1) return;
    lastRow[key] = row + 1;
    rows[key] = rows[key]! + 1;
  });
  return { synapses, rows };
}
