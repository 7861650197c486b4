/**
 * A part of the board, looked at over ticks in which nothing arrives, no neuron spikes and no event is due. Without
 * those the parts do not touch each other, so each can be taken over the whole span by itself, in any order.
 */
export interface QuietPart {
  /**
   * The tick, `from` … `to`, before which the part is sure to be quiet: it brings about no spike and reads nothing that
   * another part changes meanwhile. `from`: it needs the ordinary tick. The part may stop short to bound its own work.
   */
  until(from: number, to: number, learning: boolean): number;
  /** Brings the part's state from before tick `from` to before tick `to`, where `until` agreed. Gives synapses visited. */
  advance(from: number, to: number, learning: boolean): number;
}
