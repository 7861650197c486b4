import type { Draws } from '../draws.js';
import type { InputSpike } from '../task.js';

/** Side with more cues: 0 left, 1 right. */
export type CueSide = 0 | 1;

/** One trial: spikes of the 40 input lines (ticks of 1 ms from the start, in order of tick and line) and the answer. */
export interface CueTrial {
  /** Ticks of the trial. */
  readonly length: number;
  readonly label: CueSide;
  readonly spikes: readonly InputSpike[];
}

/** A trial of which the cues are known too. */
export interface DrawnCueTrial extends CueTrial {
  readonly cues: readonly CueSide[];
}

/**
 * Lines and times (ms) of the task as published with ReckOn (Frenkel & Indiveri, ISSCC 2022); it follows Bellec et al.
 * (2020), Nature Communications 11, 3625, figure 3: seven cues, a delay, and a recall signal that asks for the answer.
 */
export const cueTask = {
  lines: 40,
  linesPerGroup: 10,
  groups: ['left', 'right', 'recall', 'noise'],
  cues: 7,
  firstCue: 50,
  cueEvery: 150,
  cueLength: 100,
  recallFrom: 2100,
  length: 2250,
  /** Spikes a second of a line of the side cued, and of a recall line in the recall window. */
  rate: 40,
  /** Spikes a second of a noise line, all the time. */
  noiseRate: 10,
  /** A cue is on the trial's leading side with this probability; the leading side is drawn for each trial. */
  leading: 0.7,
} as const;

/**
 * A fresh trial. The leading side is left or right with equal probability; each cue is then on it with probability
 * 0.7, independently (Bellec et al. 2020: p_group = 0.3 or 0.7, drawn for each trial). The label is the side with more
 * cues, which is not always the leading one. Every line spikes at most once a tick.
 */
export function drawCueTrial(draws: Draws): DrawnCueTrial {
  const { cues: count, cueEvery, cueLength, firstCue, length, recallFrom } = cueTask;
  const leading: CueSide = draws.uniform() < 0.5 ? 0 : 1;
  const other: CueSide = leading === 0 ? 1 : 0;
  const cues = Array.from({ length: count }, () => (draws.uniform() < cueTask.leading ? leading : other));
  const spikes: InputSpike[] = [];
  for (let tick = 0; tick < length; tick++) {
    const since = tick - firstCue;
    const cue = since >= 0 && since % cueEvery < cueLength ? cues[Math.floor(since / cueEvery)] : undefined;
    if (cue !== undefined) drawGroup(cue, cueTask.rate, tick, draws, spikes);
    if (tick >= recallFrom) drawGroup(2, cueTask.rate, tick, draws, spikes);
    drawGroup(3, cueTask.noiseRate, tick, draws, spikes);
  }
  return { length, label: sideOf(cues), cues, spikes };
}

/** The side with more cues. */
export function sideOf(cues: readonly CueSide[]): CueSide {
  return cues.reduce<number>((sum, cue) => sum + cue, 0) * 2 > cues.length ? 1 : 0;
}

function drawGroup(group: number, rate: number, tick: number, draws: Draws, into: InputSpike[]): void {
  const first = group * cueTask.linesPerGroup;
  for (let unit = first; unit < first + cueTask.linesPerGroup; unit++)
    if (draws.uniform() < rate / 1000) into.push({ in: tick, unit });
}
