import type { Problem } from '../errors/engram-error.js';
import { didYouMean } from '../learning/closest.js';
import { parseTime, timeAllowed, toTicks } from '../learning/time.js';
import { type Path, pathText, show } from './problems.js';
import type { ResolvedModulator, ResolvedPopulation, ResolvedProjection } from './resolved.js';

/** What is known while a description is resolved part by part. Problems are collected, never thrown. */
export class Context {
  readonly tickMilliseconds: number;
  readonly seed: number;
  readonly problems: Problem[] = [];
  readonly populations = new Map<string, ResolvedPopulation>();
  /** Channels by name: an error modulator has several, `name[0]`, `name[1]`, …. */
  readonly modulators = new Map<string, ResolvedModulator>();
  /** Error modulators: the population each reads, and its first channel. */
  readonly errorModulators = new Map<string, { readonly population: number; readonly first: number }>();
  readonly projections = new Map<string, ResolvedProjection>();
  readonly #broken: Set<string>;

  /** `broken`: paths of what the schema has refused already, such as `populations.a`; nothing is said of them again. */
  constructor(tickMilliseconds: number, seed: number, broken: ReadonlySet<string>) {
    this.tickMilliseconds = tickMilliseconds;
    this.seed = seed;
    this.#broken = new Set(broken);
  }

  report(path: Path, message: string, allowed?: string): void {
    this.problems.push({ path: pathText(path), message, ...(allowed === undefined ? {} : { allowed }) });
  }

  isBroken(section: string, name: string): boolean {
    return this.#broken.has(section) || this.#broken.has(`${section}.${name}`);
  }

  /** Channel of a modulator; of an error modulator by its own name only if it has a single one. */
  modulator(name: string): ResolvedModulator | undefined {
    const single = this.modulators.has(`${name}[1]`) ? undefined : this.modulators.get(`${name}[0]`);
    return this.modulators.get(name) ?? single;
  }

  /** Names that stand for one channel in an equation. */
  get modulatorNames(): readonly string[] {
    return [...this.modulators.keys()].flatMap((name) => {
      const base = name.replace(/\[\d+\]$/, '');
      return this.modulator(base) ? [base] : [];
    });
  }

  /** Name of the error modulator that reads a population. */
  errorModulatorOf(population: number): string | null {
    return [...this.errorModulators].find(([, error]) => error.population === population)?.[0] ?? null;
  }

  /** Names of a section's entries that were refused. */
  brokenNames(section: string): readonly string[] {
    return [...this.#broken]
      .filter((path) => path.startsWith(`${section}.`))
      .map((path) => path.slice(section.length + 1));
  }

  /** Notes that an entry is wrong, so that what refers to it is not blamed. */
  markBroken(section: string, name: string): void {
    this.#broken.add(`${section}.${name}`);
  }

  /** Says that a name refers to nothing, unless what it refers to was refused already. */
  reportUnknown(path: Path, what: string, section: string, name: string, known: Iterable<string>): void {
    if (this.isBroken(section, name)) return;
    const names = [...known];
    this.report(
      path,
      `there is no ${what} '${name}'${didYouMean(name, names)}`,
      names.length > 0 ? listed(names) : `none: the network has no ${section}`,
    );
  }

  /** Ticks of a time constant, at least 1. */
  tau(path: Path, text: string): number {
    const ticks = this.#ticks(path, text);
    if (ticks < 1)
      this.report(path, `is ${show(text)}, ${ticks} ticks`, `at least a tick (${this.tickMilliseconds} ms)`);
    return Math.max(1, ticks);
  }

  /** As `tau`; null for "none". */
  tauOrNone(path: Path, text: string): number | null {
    return text === 'none' ? null : this.tau(path, text);
  }

  /** A time that must be a whole number of ticks, low to high; `low` if it is not. */
  wholeTicks(path: Path, text: string, low: number, high: number): number {
    const ticks = this.#ticks(path, text);
    if (Number.isInteger(ticks) && ticks >= low && ticks <= high) return ticks;
    const time = (count: number) => `${+(count * this.tickMilliseconds).toPrecision(12)} ms`;
    this.report(
      path,
      `is ${show(text)}, ${+ticks.toPrecision(6)} ticks`,
      `a whole number of ticks, ${low} to ${high} (${time(low)} to ${time(high)})`,
    );
    return low;
  }

  #ticks(path: Path, text: string): number {
    const milliseconds = parseTime(text);
    if (milliseconds !== null) return toTicks(milliseconds, this.tickMilliseconds);
    this.report(path, `is ${show(text)}`, timeAllowed);
    return Number.NaN;
  }
}

/** Names for a message; a long list is cut. */
export function listed(names: readonly string[]): string {
  return names.length <= 12
    ? names.join(', ')
    : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;
}
