import type { Context } from './context.js';
import { type Path, show } from './problems.js';
import type { PopulationSlice, ResolvedPopulation } from './resolved.js';

const slicePattern = /^(?<name>[^[\]]*?)(?:\[(?:(?<first>\d*):(?<end>\d*)|(?<only>\d+))\])?$/;
const allowed = 'a population, or a half-open slice of it: "action[0:5]", "action[5:]", "action[3]"';

/** "action", "action[0:5]", "action[5:]", "action[:5]" or "action[3]" as a slice; null, with a report, if it is none. */
export function resolveSlice(context: Context, path: Path, text: string): PopulationSlice | null {
  const groups = slicePattern.exec(text)?.groups;
  if (!groups) {
    context.report(path, `is ${show(text)}`, allowed);
    return null;
  }
  const population = context.populations.get(groups['name']!);
  if (!population) {
    context.reportUnknown(path, 'population', 'populations', groups['name']!, context.populations.keys());
    return null;
  }
  const range = rangeOf(context, path, text, groups, population.size);
  return range && { population: population.index, ...range };
}

/** "0:5" of a population, as a probe takes it. */
export function resolveRange(
  context: Context,
  path: Path,
  text: string | undefined,
  population: ResolvedPopulation,
): { first: number; count: number } | null {
  if (text === undefined) return { first: 0, count: population.size };
  const groups = slicePattern.exec(`[${text}]`)?.groups;
  if (groups) return rangeOf(context, path, text, groups, population.size);
  context.report(path, `is ${show(text)}`, 'a half-open slice: "0:5", "5:", "3"');
  return null;
}

function rangeOf(
  context: Context,
  path: Path,
  text: string,
  { first, end, only }: Record<string, string | undefined>,
  size: number,
): { first: number; count: number } | null {
  const low = Number(only ?? (first || 0));
  const high = only === undefined ? Number(end || size) : low + 1;
  if (low < high && high <= size) return { first: low, count: high - low };
  context.report(
    path,
    `is ${show(text)}`,
    `first:end with 0 <= first < end <= ${size}, the size of the population`,
  );
  return null;
}
