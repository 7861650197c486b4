/** Options of `npm run bench`, read once. */
export interface SpeedOptions {
  /** Parts to measure: names of networks, and `scaling`, `threads`, `idle`, `compile`, `link`. Null: all. */
  readonly only: ReadonlySet<string> | null;
  /** A tenth of the ticks, once, and no peer: to see that all of it works. */
  readonly quick: boolean;
}

export function speedOptions(args: readonly string[]): SpeedOptions {
  const at = args.indexOf('--only');
  const only = at < 0 ? null : new Set((args[at + 1] ?? '').split(','));
  return { only, quick: args.includes('--quick') };
}

export function isWanted({ only }: SpeedOptions, part: string): boolean {
  return only === null || only.has(part);
}

/** How often each thing is measured, side by side with what it is compared with. */
export const repeats = ({ quick }: SpeedOptions) => (quick ? 1 : 5);

export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
