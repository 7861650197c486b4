/** How thorough a session of suites is. */
export interface HilOptions {
  /** Seed of everything that is drawn. */
  readonly seed: number;
  /** Generated networks of the lockstep suite, and ticks each runs. */
  readonly networks: number;
  readonly ticks: number;
  /** Ticks each example runs in the lockstep suite; 0: all of it. */
  readonly exampleTicks: number;
  /** Ticks between the state hashes that are compared while an example runs. */
  readonly hashEvery: number;
  /** Damaged and random frames of the conformance suite. */
  readonly frames: number;
  /** Damaged images of the upload suite. */
  readonly mutations: number;
  /** Power failures while the board saves. */
  readonly powerCuts: number;
  /** Length of the soak suite in seconds. */
  readonly soak: number;
}

/** A look that takes seconds. */
export const quick: HilOptions = {
  seed: 1,
  networks: 5,
  ticks: 60,
  exampleTicks: 1_000,
  hashEvery: 1,
  frames: 60,
  mutations: 20,
  powerCuts: 4,
  soak: 1,
};

/** Without a word from the user: a minute or two on a board in real time. */
export const standard: HilOptions = {
  seed: 1,
  networks: 30,
  ticks: 300,
  exampleTicks: 20_000,
  hashEvery: 1,
  frames: 1_000,
  mutations: 200,
  powerCuts: 50,
  soak: 10,
};

/** The numbers a release is tested with. */
export const thorough: HilOptions = {
  seed: 1,
  networks: 500,
  ticks: 500,
  exampleTicks: 0,
  hashEvery: 1,
  frames: 10_000,
  mutations: 2_000,
  powerCuts: 1_000,
  soak: 60,
};
