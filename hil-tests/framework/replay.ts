/** What it takes to run a difference between board and emulator again: the file of `engram hil --replay`. */
export interface Replay {
  readonly engram: 'replay';
  readonly version: 1;
}
