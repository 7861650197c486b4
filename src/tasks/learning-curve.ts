/** Figures of a learning run, from one truth value a trial. */

/** Share of correct trials in each full or partial block. */
export function blockProportions(correct: readonly boolean[], blockSize: number): number[] {
  return blockMeans(correct.map(Number), blockSize);
}

/** Mean of the values in each full or partial block. */
export function blockMeans(values: readonly number[], blockSize: number): number[] {
  const means: number[] = [];
  for (let first = 0; first < values.length; first += blockSize) {
    const block = values.slice(first, first + blockSize);
    means.push(block.reduce((sum, value) => sum + value, 0) / block.length);
  }
  return means;
}

/** Share of correct trials among the last `count`. */
export function lastProportion(correct: readonly boolean[], count: number): number {
  return proportion(correct.slice(-count));
}

/** Trials played until 90 % of the last `window` were correct for the first time; null if never. */
export function trialsTo(correct: readonly boolean[], level = 0.9, window = 20): number | null {
  let hits = 0;
  for (let trial = 0; trial < correct.length; trial++) {
    if (correct[trial]) hits++;
    if (trial >= window && correct[trial - window]) hits--;
    if (trial + 1 >= window && hits >= level * window) return trial + 1;
  }
  return null;
}

function proportion(correct: readonly boolean[]): number {
  return correct.filter(Boolean).length / Math.max(1, correct.length);
}
