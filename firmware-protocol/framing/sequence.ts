/** Sequence numbers are 16 bits and wrap: `(a − b)` as a signed distance, −32768 … 32767. */
export function sequenceDistance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** The sequence number after this one. */
export function nextSequence(sequence: number): number {
  return (sequence + 1) & 0xffff;
}
