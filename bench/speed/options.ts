import { networkNames } from './networks.js';

const parts: readonly string[] = [...networkNames, 'scaling', 'threads', 'idle', 'compile', 'link'];

/** Options of `npm run bench`, read once. */
export interface SpeedOptions {
  /** Parts to measure; null: all. */
  readonly only: ReadonlySet<string> | null;
  /** A tenth of the ticks, once, and no peer: to see that all of it works. */
  readonly quick: boolean;
}

/** Throws where `--only` names what there is not. */
export function speedOptions(args: readonly string[]): SpeedOptions {
  const at = args.indexOf('--only');
  const only = at < 0 ? null : new Set((args[at + 1] ?? '').split(','));
  for (const part of only ?? [])
    if (!parts.includes(part)) throw new Error(`--only: '${part}' is none of ${parts.join(', ')}`);
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
