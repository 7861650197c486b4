import { coreFormat, type Format, float64, formatOf, nameOf, type Rounding } from './format.js';

export const tasks = ['delayed-bandit', 'distal-reward', 'cue-accumulation'] as const;
export type TaskName = (typeof tasks)[number];

/** One format to be tried on one task. */
export interface Trial {
  readonly task: TaskName;
  readonly format: Format;
  /** Largest tag held, as a part of what the compiler takes. */
  readonly tagRange: number;
  /** Times the task's rate of learning. */
  readonly faster: number;
}

/** How long each run is, and how many there are. */
export interface Effort {
  readonly seeds: Readonly<Record<TaskName, number>>;
  /** Seeds of the distal reward in float64 and with 16-bit tags and weights: one seed in three more or less is much. */
  readonly referenceSeeds: number;
  readonly banditTrials: number;
  readonly distalSeconds: number;
  readonly cueTrials: number;
  /** Last trials of training that a test follows. */
  readonly cueTests: number;
}

export const fullEffort: Effort = {
  seeds: { 'delayed-bandit': 6, 'distal-reward': 3, 'cue-accumulation': 3 },
  referenceSeeds: 6,
  banditTrials: 600,
  distalSeconds: 3600,
  cueTrials: 1400,
  cueTests: 400,
};

/** Shows that the command works; its figures mean little. */
export const quickEffort: Effort = {
  seeds: { 'delayed-bandit': 2, 'distal-reward': 1, 'cue-accumulation': 1 },
  referenceSeeds: 1,
  banditTrials: 200,
  distalSeconds: 600,
  cueTrials: 150,
  cueTests: 50,
};

export const widths = [4, 8, 12, 16] as const;
const roundings: readonly Rounding[] = ['core', 'stochastic'];

/** Acting bits, and bits in all, of weights beside 16-bit tags. */
export const actingWidths = [2, 3, 4, 6, 8] as const;
export const masterWidths = [4, 6, 8, 10, 12, 14, 16] as const;

/** Ranges of narrow tags, as parts of the compiler's: a quarter is two bits finer. */
export const tagRanges = [1 / 4, 1 / 16] as const;
export const rangedTags = [4, 8, 12, 16] as const;

/** A coarse weight may want larger steps: rates of learning, in parts of the task's. */
export const rateFactors = [2, 4, 16] as const;
export const ratedFormats: readonly Format[] = [float64, formatOf(16, 8), formatOf(8, 8)];

/** All that is tried; each once. The bandit is quick, so it gets most. */
export function plan(quick: boolean): Trial[] {
  if (quick)
    return tasks.flatMap((task) =>
      [float64, formatOf(16, 16), formatOf(8, 8), formatOf(8, 8, 'stochastic')].map((format) =>
        trialOf(task, format),
      ),
    );
  const ranged = (task: TaskName, tagBits: readonly number[], parts: readonly number[]) =>
    parts.flatMap((part) => tagBits.map((tag) => trialOf(task, formatOf(tag, 16), part)));
  const rated = (task: TaskName, factors: readonly number[], formats: readonly Format[]) =>
    factors.flatMap((faster) => formats.map((format) => trialOf(task, format, 1, faster)));
  return unique([
    ...[...crossOfWidths(), ...hiddenBits([4, 6], [16]), ...hiddenBits([8], [14])].map((format) =>
      trialOf('cue-accumulation', format),
    ),
    ...ranged('cue-accumulation', [12], [1 / 4]),
    ...[...grid(), ...hiddenBits([4, 8], [10, 14, 16])].map((format) => trialOf('distal-reward', format)),
    ...ranged('distal-reward', rangedTags, tagRanges),
    ...[...grid(), ...hiddenBits(actingWidths, masterWidths)].map((format) =>
      trialOf('delayed-bandit', format),
    ),
    ...ranged('delayed-bandit', rangedTags, tagRanges),
    ...rated('delayed-bandit', rateFactors, ratedFormats),
    ...rated('distal-reward', rateFactors, ratedFormats),
    ...rated('cue-accumulation', [4, 16], ratedFormats.slice(0, 2)),
  ]);
}

function trialOf(task: TaskName, format: Format, tagRange = 1, faster = 1): Trial {
  return { task, format, tagRange, faster };
}

/** Every width of tag with every width of weight. */
function grid(): Format[] {
  return [
    float64,
    ...roundings.flatMap((rounding) =>
      widths.flatMap((tag) => widths.map((weight) => formatOf(tag, weight, rounding))),
    ),
  ];
}

/** Each width of the tag with 16-bit weights, each of the weight with 16-bit tags, and 8 bits of both. */
function crossOfWidths(): Format[] {
  return [
    float64,
    ...roundings.flatMap((rounding) => [
      ...widths.flatMap((width) => [formatOf(width, 16, rounding), formatOf(16, width, rounding)]),
      formatOf(8, 8, rounding),
    ]),
  ];
}

function hiddenBits(acting: readonly number[], master: readonly number[]): Format[] {
  return acting.flatMap((act) =>
    master.filter((all) => all >= act).map((all) => formatOf(16, all, 'core', act)),
  );
}

/** How many seeds a trial is run with. */
export function seedsOf({ task, format, faster }: Trial, effort: Effort): number {
  const { tag, weight, acting } = format;
  const reference = tag === null || (tag === 16 && weight === 16 && acting === coreFormat.acting);
  return task === 'distal-reward' && reference && faster === 1 ? effort.referenceSeeds : effort.seeds[task];
}

/** Name of a trial, as in the rows. */
export function trialName({ task, format, tagRange, faster }: Trial): string {
  const range = tagRange === 1 ? '' : ` tag range 1/${1 / tagRange}`;
  return `${task}/${nameOf(format)}${range}${faster === 1 ? '' : ` rate ×${faster}`}`;
}

function unique(trials: readonly Trial[]): Trial[] {
  return [...new Map(trials.map((trial) => [trialName(trial), trial])).values()];
}
