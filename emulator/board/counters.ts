/** Counters of the board beside those of the machine (STATISTICS). */
export class BoardCounters {
  lateEvents = 0;
  droppedRecords = 0;
  overrunTicks = 0;
  /** Microseconds. */
  worstTick = 0;

  clear(): void {
    this.lateEvents = 0;
    this.droppedRecords = 0;
    this.overrunTicks = 0;
    this.worstTick = 0;
  }
}
