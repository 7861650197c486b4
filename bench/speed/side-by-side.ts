/** Runs each in turn, again and again, so that what else the computer does meets all of them; seconds of each, by repeat. */
export function sideBySide(runs: readonly (() => number)[], repeats: number): number[][] {
  const seconds = runs.map((): number[] => []);
  for (let n = 0; n < repeats; n++)
    runs.forEach((run, k) => {
      seconds[k]!.push(run());
    });
  return seconds;
}
