import type { Image } from '../../src/image/image.js';
import type { InputLines } from './input-lines.js';
import type { SpikeList } from './spike-list.js';
import type { CoreState } from './state.js';
import { UnitTable } from './unit-table.js';

/** Lists the units that spiked in a tick. */
export class TickSpikes {
  readonly #cores: readonly CoreState[];
  readonly #tables: readonly UnitTable[];
  readonly #lines: InputLines;
  readonly #units: Uint32Array;

  constructor(image: Image, cores: readonly CoreState[], lines: InputLines) {
    this.#cores = cores;
    this.#tables = image.cores.map((core) => new UnitTable(core));
    this.#lines = lines;
    // Not of unitCount: units that no core has a neuron for never spike, and there may be 2^31 of them.
    const neurons = image.cores.reduce((sum, { core }) => sum + core.neuronCount, 0);
    this.#units = new Uint32Array(image.network.inputCount + neurons);
  }

  /** Units of the last list. */
  get units(): Uint32Array {
    return this.#units;
  }

  /**
   * Lists, rising, the units of the populations whose place in `shown` is 1: input lines in `input`, and neurons as the
   * cores have them. Gives their number; they stand in `units` until the next list.
   */
  list(input: SpikeList | undefined, shown: Uint8Array): number {
    const units = this.#units;
    let count = 0;
    if (input && this.#lines.anyShown(shown))
      for (let n = 0; n < input.count; n++) {
        const line = input.lines[n]!;
        if (shown[this.#lines.populations[line]!] === 1) units[count++] = this.#lines.units[line]!;
      }
    for (let core = 0; core < this.#cores.length; core++) {
      const { spiked, spikeCount } = this.#cores[core]!;
      if (spikeCount > 0) count = this.#tables[core]!.list(spiked, spikeCount, shown, units, count);
    }
    if (!isRising(units, count)) units.subarray(0, count).sort();
    return count;
  }
}

/** Units mostly come in order, and to sort them costs more than to see that. */
function isRising(units: Uint32Array, count: number): boolean {
  for (let n = 1; n < count; n++) if (units[n]! < units[n - 1]!) return false;
  return true;
}
