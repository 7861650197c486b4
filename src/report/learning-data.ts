/** Data of the learning report; plain values, made by `bandit-report.ts`. */

export interface LearningRun {
  readonly label: string;
  readonly tagMilliseconds: number;
  /** One a trial. */
  readonly correct: readonly boolean[];
  readonly trialsTo90: number | null;
}

export interface RasterRow {
  readonly label: string;
  readonly group: 'cue' | 'chosen' | 'unchosen';
  readonly spikesMs: readonly number[];
}

export interface EligibilityCurve {
  readonly label: string;
  readonly kind: 'chosen' | 'unchosen';
  /** From the run without traces. */
  readonly control: boolean;
  readonly points: readonly { readonly ms: number; readonly value: number }[];
}

/** One trial after training; times in milliseconds from the start of the cue. */
export interface TrialPicture {
  readonly cueEnd: number;
  readonly rewardAt: number;
  readonly end: number;
  readonly reward: number;
  readonly choice: string;
  readonly context: string;
  readonly rows: readonly RasterRow[];
  readonly eligibility: readonly EligibilityCurve[];
  readonly modulator: readonly { readonly ms: number; readonly value: number }[];
}

export interface WeightPicture {
  readonly label: string;
  /** Cue lines by action neurons, membrane units. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
  /** Range of the shades. */
  readonly min: number;
  readonly max: number;
  readonly rowGroups: readonly { readonly label: string; readonly count: number }[];
  readonly columnGroups: readonly { readonly label: string; readonly count: number }[];
}

export interface LearningReport {
  readonly title: string;
  readonly command: string;
  readonly trials: number;
  readonly blockSize: number;
  readonly delay: string;
  readonly traced: LearningRun;
  readonly control: LearningRun;
  readonly trial: TrialPicture;
  readonly weights: { readonly traced: WeightPicture; readonly control: WeightPicture };
  readonly facts: readonly (readonly [string, string])[];
}
