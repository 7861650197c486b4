import type { BoardOptions } from './open-board.js';

/** Options of `engram run`. */
export interface RunOptions extends BoardOptions {
  target?: string;
  cores?: number;
  task?: string;
  set?: Record<string, string>;
  listOptions?: boolean;
  spikes?: string;
  rewards?: string;
  ticks?: number;
  output?: string;
  weights?: string;
  report?: string;
  blockSize: number;
}
