import { EngramError } from '../../src/errors/engram-error.js';
import type { BlockRecord } from '../../src/image/image.js';
import {
  blockFlags,
  boardWide,
  neuronGroupFlags,
  traceModeCodes,
  variableCodes,
} from '../../src/image/layout.js';
import { stateMax } from './arithmetic.js';
import type { Episodes } from './episodes.js';
import type { ModulatorState } from './modulators.js';
import type { CoreState } from './state.js';

/** One value of a variable: where it is kept, or that the part does not have it. */
interface Cell {
  readonly array: Int32Array | Int16Array | Uint16Array | Int8Array | Uint32Array;
  readonly at: number;
  /** Range a written value must lie in; null: read-only. */
  readonly range: readonly [low: number, high: number] | null;
}

const stateRange = [-stateMax, stateMax] as const;
const traceRange = [0, stateMax] as const;

/** Reads and writes state by variable and index (`docs/core.md`, section 11). Throws E0902 outside the image. */
export class StateAccess {
  readonly #cores: readonly CoreState[];
  readonly #modulators: ModulatorState;
  readonly #episodes: Episodes | null;

  constructor(cores: readonly CoreState[], modulators: ModulatorState, episodes: Episodes | null) {
    this.#episodes = episodes;
    this.#cores = cores;
    this.#modulators = modulators;
  }

  read(core: number, variable: number, first: number, count: number): Int32Array {
    const find = this.#finder(core, variable, first, count);
    return Int32Array.from({ length: count }, (_, n) => {
      const cell = find(first + n);
      return cell === null ? 0 : cell.array[cell.at]!;
    });
  }

  /** Writes all values or, if one is refused, none. */
  write(core: number, variable: number, first: number, values: Int32Array): void {
    const find = this.#finder(core, variable, first, values.length);
    const cells = Array.from(values, (value, n) => {
      const cell = find(first + n);
      if (cell?.range == null) throw refused('read-only', core, variable, first + n, 'it cannot be written');
      const [low, high] = cell.range;
      if (value < low || value > high)
        throw refused('value', core, variable, first + n, `${value} is outside ${low} … ${high}`);
      return cell;
    });
    cells.forEach(({ array, at }, n) => {
      array[at] = values[n]!;
    });
  }

  /** Look-up for one variable, once the range of indices has been checked. */
  #finder(core: number, variable: number, first: number, count: number): (index: number) => Cell | null {
    const found = core === boardWide ? this.#ofBoard(variable) : this.#ofCore(core, variable);
    if (found === null) throw refused('variable', core, variable, first, 'there is no such variable');
    if (first < 0 || count < 0 || first + count > found.length)
      throw refused('range', core, variable, first + count - 1, `there are ${found.length}`, found.length);
    return found.cell;
  }

  #ofBoard(variable: number): { length: number; cell: (index: number) => Cell | null } | null {
    const { m, baseline } = this.#modulators;
    const array =
      variable === variableCodes.modulator ? m : variable === variableCodes.baseline ? baseline : null;
    if (array) return { length: array.length, cell: (at) => ({ array, at, range: stateRange }) };
    return episodeCells(this.#episodes, variable);
  }

  #ofCore(core: number, variable: number): { length: number; cell: (index: number) => Cell | null } | null {
    const state = this.#cores[core];
    if (!state) return null;
    if (variable <= variableCodes.adaptation)
      return { length: state.v.length, cell: (at) => neuronCell(state, variable, at) };
    if (variable === variableCodes.x1 || variable === variableCodes.x2)
      return { length: state.due.length, cell: (at) => axonCell(state, variable, at) };
    const { weight, tag, tag2 } = variableCodes;
    if (variable !== weight && variable !== tag && variable !== tag2) return null;
    return { length: state.image.core.synapseCount, cell: (at) => synapseCell(state, variable, at) };
  }
}

/** The episodic buffer: read-only, so that no hand can make an episode that never was. */
function episodeCells(
  episodes: Episodes | null,
  variable: number,
): { length: number; cell: (index: number) => Cell | null } | null {
  const { episode, episodeSlot, episodeEvent } = variableCodes;
  if (variable !== episode && variable !== episodeSlot && variable !== episodeEvent) return null;
  if (episodes === null) return { length: 0, cell: () => null };
  const { words, counts, outcomes, priorities, events } = episodes;
  if (variable === episodeSlot)
    return {
      length: counts.length * 3,
      cell: (at) => ({
        array: [counts, outcomes, priorities][at % 3]!,
        at: Math.floor(at / 3),
        range: null,
      }),
    };
  const array = variable === episode ? words : events;
  return { length: array.length, cell: (at) => ({ array, at, range: null }) };
}

function neuronCell(state: CoreState, variable: number, at: number): Cell | null {
  if (variable === variableCodes.v) return { array: state.v, at, range: stateRange };
  const group = lastStarting(state.image.neuronGroups, ({ firstNeuron }) => firstNeuron, at);
  if (variable === variableCodes.refractory)
    return { array: state.refractory, at, range: [0, group.refractory] };
  if (variable === variableCodes.i)
    return group.flags & neuronGroupFlags.exponential ? { array: state.i, at, range: stateRange } : null;
  if (variable === variableCodes.adaptation)
    return group.flags & neuronGroupFlags.adaptive
      ? { array: state.adaptation, at, range: stateRange }
      : null;
  const slot = variable - variableCodes.y1;
  const mode = [group.y1Mode, group.y2Mode, group.y3Mode][slot]!;
  return mode === traceModeCodes.absent ? null : { array: state.y[slot]!, at, range: traceRange };
}

function axonCell(state: CoreState, variable: number, at: number): Cell | null {
  const group = lastStarting(state.image.axonGroups, ({ firstAxon }) => firstAxon, at);
  const slot = variable - variableCodes.x1;
  const mode = [group.x1Mode, group.x2Mode][slot]!;
  return mode === traceModeCodes.absent ? null : { array: state.x[slot]!, at, range: traceRange };
}

function synapseCell(state: CoreState, variable: number, synapse: number): Cell | null {
  const block: BlockRecord = lastStarting(state.image.blocks, ({ firstSynapse }) => firstSynapse, synapse);
  const at = block.weightOffset + synapse - block.firstSynapse;
  const plastic = (block.flags & blockFlags.plastic) !== 0;
  if (variable === variableCodes.weight)
    return plastic
      ? { array: state.weights, at, range: [block.wMin, block.wMax] }
      : { array: state.image.weights8, at, range: null };
  const second = variable === variableCodes.tag2;
  if (!plastic || !(block.flags & (second ? blockFlags.tag2 : blockFlags.tag))) return null;
  return { array: second ? state.tags2 : state.tags, at, range: [-32767, 32767] };
}

/** The last item that begins at or before `index`; items follow each other without gaps. */
function lastStarting<T>(items: readonly T[], start: (item: T) => number, index: number): T {
  let low = 0;
  let high = items.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (start(items[middle]!) <= index) low = middle;
    else high = middle;
  }
  // Empty items begin where the next one does: the last of them was taken, and it is the one that holds the index.
  return items[low]!;
}

/** `kind` says what is wrong, for the wire: no such variable, index out of range, read-only, or the value. */
function refused(
  kind: 'variable' | 'range' | 'read-only' | 'value',
  core: number,
  variable: number,
  index: number,
  reason: string,
  length = 0,
): EngramError {
  const place = core === boardWide ? 'the board' : `core ${core}`;
  return new EngramError('E0902', `state variable ${variable}, index ${index} of ${place}: ${reason}`, {
    context: { kind, core, variable, index, length },
  });
}
