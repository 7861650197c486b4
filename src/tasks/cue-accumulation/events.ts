import { EngramError } from '../../errors/engram-error.js';
import type { InputSpike } from '../task.js';
import { type CueSide, type CueTrial, cueTask } from './generator.js';

/**
 * Reads event files as published with ReckOn, line by line: the number of samples, then `neuron, tick` in order of
 * time; `-2, label` where the recall window begins; `-1, ticks` at the end of a sample. A push machine: give it lines
 * as they come, and call `end` after the last. Every fault is an E0803 that names file, line and what is wrong.
 */
export class CueEventReader {
  readonly #file: string;
  #line = 0;
  #announced: number | null = null;
  #read = 0;
  #spikes: InputSpike[] = [];
  #label: CueSide | null = null;
  #last = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes a line without its line end; gives the trial that it completes, if it completes one. */
  push(line: string): CueTrial | null {
    this.#line++;
    if (line.trim() === '') return null;
    if (this.#announced === null) {
      this.#announced = this.#wholeNumber(line, 'the number of samples, a whole number from 0');
      return null;
    }
    if (this.#read === this.#announced)
      throw this.#fault(
        `"${shown(line)}" stands after the last of ${this.#announced} samples`,
        'no more events',
      );
    const match = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/.exec(line);
    if (!match) throw this.#fault(`"${shown(line)}" is not an event`, 'two whole numbers, neuron, tick');
    const [neuron, value] = [Number(match[1]), Number(match[2])];
    if (neuron === -1) return this.#endSample(value);
    if (neuron === -2) this.#mark(value);
    else this.#spike(neuron, value);
    return null;
  }

  /** Checks that the file ended where it should. */
  end(): void {
    if (this.#announced === null) throw this.#fault('the file is empty', 'the number of samples');
    if (this.#spikes.length > 0 || this.#label !== null)
      throw this.#fault(`sample ${this.#read + 1} does not end`, '-1, ticks after its last event');
    if (this.#read !== this.#announced)
      throw this.#fault(
        `the file ends after ${this.#read} samples`,
        `${this.#announced} samples, as its first line says`,
      );
  }

  #spike(neuron: number, tick: number): void {
    if (neuron < 0 || neuron >= cueTask.lines)
      throw this.#fault(`neuron ${neuron} does not exist`, `0 to ${cueTask.lines - 1}, -1 or -2`);
    if (tick < this.#last)
      throw this.#fault(`tick ${tick} comes after tick ${this.#last}`, 'events of a sample in order of time');
    this.#last = tick;
    this.#spikes.push({ in: tick, unit: neuron });
  }

  #mark(label: number): void {
    if (label !== 0 && label !== 1)
      throw this.#fault(`label ${label} does not exist`, '0 (left) or 1 (right)');
    if (this.#label !== null)
      throw this.#fault(`sample ${this.#read + 1} has a second label`, 'one -2, label a sample');
    this.#label = label;
  }

  #endSample(ticks: number): CueTrial {
    if (this.#label === null)
      throw this.#fault(`sample ${this.#read + 1} has no label`, '-2, label before -1, ticks');
    const least = this.#spikes.length > 0 ? this.#last + 1 : 1;
    if (ticks < least)
      throw this.#fault(
        `sample ${this.#read + 1} of ${ticks} ticks ends before its last event`,
        `at least ${least} ticks`,
      );
    const trial: CueTrial = { length: ticks, label: this.#label, spikes: this.#spikes };
    this.#read++;
    this.#spikes = [];
    this.#label = null;
    this.#last = 0;
    return trial;
  }

  #wholeNumber(line: string, allowed: string): number {
    if (!/^\s*\d{1,9}\s*$/.test(line))
      throw this.#fault(`"${shown(line)}" is not a number of samples`, allowed);
    return Number(line);
  }

  #fault(message: string, allowed: string): EngramError {
    return new EngramError('E0803', `${this.#file}, line ${Math.max(this.#line, 1)}: ${message}`, {
      facts: [['allowed', allowed]],
      fix: ['give a file of events in the form of ReckOn: number of samples, then neuron, tick'],
      context: { file: this.#file, line: Math.max(this.#line, 1) },
    });
  }
}

/** All trials of an event file. Throws E0803. */
export function readCueEvents(text: string, file: string): CueTrial[] {
  const reader = new CueEventReader(file);
  const trials: CueTrial[] = [];
  for (const line of text.split(/\r?\n/)) {
    const trial = reader.push(line);
    if (trial) trials.push(trial);
  }
  reader.end();
  return trials;
}

/** Trials in the same form; reading them back gives the same trials. */
export function cueEventsText(trials: readonly CueTrial[]): string {
  const lines = trials.flatMap(({ length, label, spikes }) => {
    const events = spikes.map(({ in: tick, unit }) => `${unit}, ${tick}`);
    const recall = spikes.findIndex(({ in: tick }) => tick >= cueTask.recallFrom);
    events.splice(recall < 0 ? events.length : recall, 0, `-2, ${label}`);
    return [...events, `-1, ${length}`];
  });
  return `${[trials.length, ...lines].join('\n')}\n`;
}

const shown = (line: string) => line.trim().slice(0, 60);
