/** What one run came to; plain data, so that it can come from a thread. */
export interface Outcome {
  /** Proportion correct; of the distal reward 1 if the rewarded synapse was found, else 0. */
  readonly proportion: number;
  /** Distal reward only: the rewarded synapse's weight at the end, as a part of the largest. */
  readonly weight: number | null;
  /** Distal reward only: minutes until the rewarded synapse was found for good; null if it was not. */
  readonly minutes: number | null;
}
