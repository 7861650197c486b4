/** How thorough a session of suites is. */
export interface HilOptions {
  /** Seed of everything that is drawn. */
  readonly seed: number;
  /** Generated networks of the lockstep suite, and ticks each runs. */
  readonly networks: number;
  readonly ticks: number;
  /** Damaged and random frames of the conformance suite. */
  readonly frames: number;
  /** Damaged images of the upload suite. */
  readonly mutations: number;
  /** Power failures while the board saves. */
  readonly powerCuts: number;
  /** Length of the soak suite in seconds. */
  readonly soak: number;
  /** Ticks of the examples in the lockstep suite. */
  readonly exampleTicks: number;
}

export const thorough: HilOptions = {
  seed: 1,
  networks: 30,
  ticks: 200,
  frames: 500,
  mutations: 100,
  powerCuts: 20,
  soak: 5,
  exampleTicks: 20_000,
};

/** A look that takes seconds. */
export const quick: HilOptions = {
  seed: 1,
  networks: 5,
  ticks: 60,
  frames: 60,
  mutations: 20,
  powerCuts: 4,
  soak: 1,
  exampleTicks: 1_000,
};
