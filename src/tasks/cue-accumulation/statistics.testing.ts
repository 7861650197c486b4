import { type CueSide, type CueTrial, cueTask } from './generator.js';

/** What can be counted in a set of trials without knowing how they were made. */
export interface CueStatistics {
  readonly trials: number;
  /** Share of trials with label 1. */
  readonly right: number;
  /** Share of cues on the side that has fewer of them in the trial: how hard the trials are. */
  readonly minority: number;
  /** Spikes a second of a line, by where they fall. */
  readonly rates: { readonly cued: number; readonly recall: number; readonly noise: number };
  /** Noise rate in nine windows of 250 ms. */
  readonly noiseByWindow: readonly number[];
  /** Spikes of cue lines outside their side's cue, and of recall lines outside recall. */
  readonly stray: number;
  /** Trials whose label is not the side with more cues, by their spikes. */
  readonly mislabelled: number;
  readonly spikesPerTrial: number;
  /** Variance over mean of the spikes of a cued group in a cue: near 1 for Poisson spikes. */
  readonly fano: number;
}

const { cues, cueEvery, cueLength, firstCue, length, linesPerGroup, recallFrom } = cueTask;

export function cueStatistics(trials: readonly CueTrial[]): CueStatistics {
  let [right, minority, cued, recall, noise, stray, mislabelled, total] = [0, 0, 0, 0, 0, 0, 0, 0];
  const noiseByWindow = new Array<number>(9).fill(0);
  const counts: number[] = [];
  for (const { label, spikes } of trials) {
    const byCue = Array.from({ length: cues }, () => [0, 0] as [number, number]);
    for (const { in: tick, unit } of spikes) {
      const group = Math.floor(unit / linesPerGroup);
      const since = tick - firstCue;
      const inCue =
        since >= 0 && since % cueEvery < cueLength ? byCue[Math.floor(since / cueEvery)] : undefined;
      if (group === 3) {
        noise++;
        noiseByWindow[Math.floor(tick / 250)]!++;
      } else if (group === 2) tick >= recallFrom ? recall++ : stray++;
      else if (inCue) inCue[group as CueSide]++;
      else stray++;
    }
    total += spikes.length;
    right += label;
    const sides = byCue.map(([left, rightOne]) => (rightOne > left ? 1 : 0));
    const onRight = sides.filter((side) => side === 1).length;
    minority += Math.min(onRight, cues - onRight);
    if ((onRight * 2 > cues ? 1 : 0) !== label) mislabelled++;
    byCue.forEach((pair, n) => {
      counts.push(pair[sides[n]!]!);
      cued += pair[sides[n]!]!;
      stray += pair[1 - sides[n]!]!;
    });
  }
  const n = trials.length;
  const hertz = (spikes: number, ticks: number) => (spikes / (n * linesPerGroup * ticks)) * 1000;
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return {
    trials: n,
    right: right / n,
    minority: minority / (n * cues),
    rates: {
      cued: hertz(cued, cues * cueLength),
      recall: hertz(recall, length - recallFrom),
      noise: hertz(noise, length),
    },
    noiseByWindow: noiseByWindow.map((spikes) => hertz(spikes, 250)),
    stray,
    mislabelled,
    spikesPerTrial: total / n,
    fano: counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length / mean,
  };
}
