import { EngramError } from '../errors/engram-error.js';
import type { Value } from './point.js';

/** One axis of a grid: a name and its values, in order. */
export interface Axis {
  readonly name: string;
  readonly values: readonly Value[];
}

/** Whole numbers in one `a..b`; more is a slip. */
const longestRange = 1_000_000;

/**
 * `name=a,b,c`: numbers, truth values and lists as JSON, all else as text; `1..20` are whole numbers, both ends
 * included. Commas inside brackets, braces and quotes part nothing. Throws E0101.
 */
export function parseAxis(text: string): Axis {
  const match = /^([^=]+)=(.+)$/s.exec(text);
  if (!match) throw new EngramError('E0101', `'${text}' is not NAME=VALUE,VALUE…`);
  const [, name, list] = match;
  const values = parts(list!).flatMap((part) => range(part) ?? [parseValue(part)]);
  return { name: name!.trim(), values: withoutTwins(name!, values) };
}

/** `1..20`, `1,2,5`, `1..5,10`: whole numbers of at least 0. Throws E0101. */
export function parseSeeds(text: string): number[] {
  const { values } = parseAxis(`seed=${text}`);
  for (const value of values) checkSeed(value);
  return values as number[];
}

/** Throws E0101 unless it is a whole number of 32 bits, not below 0. */
export function checkSeed(value: Value): asserts value is number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff) return;
  throw new EngramError('E0101', `${JSON.stringify(value)} is not a seed`, {
    fix: ['give whole numbers from 0 to 4294967295: --seeds 1..20 or --seeds 1,2,5'],
  });
}

/** A value as users write it: JSON, or a text that needs no quotes, such as `20 ms`. */
export function parseValue(text: string): Value {
  const word = text.trim();
  try {
    return JSON.parse(word) as Value;
  } catch {
    // Forms of numbers that JSON has not: `.5`, `+1`.
    return word !== '' && Number.isFinite(Number(word)) ? Number(word) : word;
  }
}

function range(text: string): number[] | null {
  const match = /^\s*(-?\d+)\.\.(-?\d+)\s*$/.exec(text);
  if (!match) return null;
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (last < first || last - first >= longestRange)
    throw new EngramError('E0101', `${text.trim()} is no range of whole numbers`, {
      facts: [['allowed', `FIRST..LAST, rising, at most ${longestRange.toLocaleString('en')} numbers`]],
    });
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}

function withoutTwins(name: string, values: readonly Value[]): readonly Value[] {
  const seen = new Set<string>();
  for (const value of values) {
    const text = JSON.stringify(value);
    if (seen.has(text)) throw new EngramError('E0101', `${name} has the value ${text} twice`);
    seen.add(text);
  }
  return values;
}

/** The text parted at its commas, but not inside brackets or quotes. */
function parts(text: string): string[] {
  const found: string[] = [];
  let [start, depth, quoted] = [0, 0, false];
  for (let n = 0; n < text.length; n++) {
    const letter = text[n]!;
    if (quoted) {
      if (letter === '\\') n++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if ('[{'.includes(letter)) depth++;
    else if (']}'.includes(letter)) depth--;
    else if (letter === ',' && depth <= 0) {
      found.push(text.slice(start, n));
      start = n + 1;
    }
  }
  found.push(text.slice(start));
  if (found.every((part) => part.trim() !== '')) return found;
  throw new EngramError('E0101', `'${text}' has an empty value`, {
    fix: ['write an empty text as ""'],
  });
}
