import type { Machine } from '../../emulator/core/machine.js';
import type { Board } from '../../src/runtime/board.js';
import type { TestImage } from '../networks/for-target.js';
import type { Script } from '../replay/script.js';

/** A board and the emulator that have run the same image with the same input to the same tick. */
export interface SideBySide {
  readonly board: Board;
  readonly machine: Machine;
  readonly test: TestImage;
  /** Events the board's queue holds. */
  readonly capacity: number;
  /** All that was put in since the state of the image. */
  readonly recorded: Script;
}

/** A run of both: where it began, and the emulator's state then. */
export interface Segment {
  readonly start: number;
  readonly checkpoint: Uint8Array;
}
