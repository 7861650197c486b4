import type { Image } from '../../src/image/image.js';
import { modelCodes } from '../../src/image/layout.js';

interface Run {
  readonly population: number;
  readonly firstUnit: number;
  readonly end: number;
  readonly firstLine: number;
}

/** Input lines of an image: numbered from 0 over its input populations, each with its unit and its population. */
export class InputLines {
  /** Unit of each line. */
  readonly units: Uint32Array;
  /** Number of the population of each line. */
  readonly populations: Uint16Array;
  readonly #runs: readonly Run[];

  constructor({ populations, network }: Image) {
    this.units = new Uint32Array(network.inputCount);
    this.populations = new Uint16Array(network.inputCount);
    const runs = [];
    for (const [number, { model, firstUnit, size, firstInput }] of populations.entries()) {
      if (model !== modelCodes.input) continue;
      runs.push({ population: number, firstUnit, end: firstUnit + size, firstLine: firstInput });
      for (let n = 0; n < size; n++) this.units[firstInput + n] = firstUnit + n;
      this.populations.fill(number, firstInput, firstInput + size);
    }
    this.#runs = runs;
  }

  /** Whether any input population has a 1 in `shown`. */
  anyShown(shown: Uint8Array): boolean {
    for (const { population } of this.#runs) if (shown[population] === 1) return true;
    return false;
  }

  /** Line of a unit; -1 if it is no input line. */
  lineOf(unit: number): number {
    const run = this.#runOf(unit);
    return run === null ? -1 : run.firstLine + unit - run.firstUnit;
  }

  #runOf(unit: number): Run | null {
    for (const run of this.#runs) if (unit >= run.firstUnit && unit < run.end) return run;
    return null;
  }

  /** Puts the lines of units into `lines`. Gives the place of the first that is no input line; -1 if all are. */
  linesOf(units: Uint32Array, lines: Uint32Array): number {
    // Units of one population mostly come together.
    let first = 0;
    let end = 0;
    let offset = 0;
    for (let n = 0; n < units.length; n++) {
      const unit = units[n]!;
      if (unit < first || unit >= end) {
        const run = this.#runOf(unit);
        if (!run) return n;
        first = run.firstUnit;
        end = run.end;
        offset = run.firstLine - run.firstUnit;
      }
      lines[n] = unit + offset;
    }
    return -1;
  }
}
