import { type FileHandle, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { EngramError } from '../errors/engram-error.js';
import type { SweepIdentity } from './identity.js';
import { type Outcome, type Point, pointKey } from './point.js';
import type { PointOutcome } from './point-runner.js';

const version = 1;

interface Heading {
  readonly sweepJournal: number;
  readonly of: SweepIdentity;
}
type Line = Point & Outcome;

/**
 * Outcomes of a sweep as they came, one JSON line each, on the disk before the next is asked for: what survives a
 * power failure. The first line says whose they are. A last line that was cut short is taken off.
 */
export class Journal {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #outcomes: Map<string, Outcome>;

  private constructor(path: string, file: FileHandle, outcomes: Map<string, Outcome>) {
    this.path = path;
    this.#file = file;
    this.#outcomes = outcomes;
  }

  /**
   * Opens the journal of a sweep, or begins one. `fresh`: what is there is thrown away.
   * Throws E1201 (another sweep's), E1204 (not a journal, or damaged in its middle), E0102, E0103.
   */
  static async open(path: string, of: SweepIdentity, { fresh = false } = {}): Promise<Journal> {
    const text = fresh ? null : await readIfThere(path);
    const kept = text === null ? null : readJournal(text, path, of);
    try {
      if (kept === null) await begin(path, of);
      else await truncate(path, kept.bytes);
      return new Journal(path, await open(path, 'a'), kept?.outcomes ?? new Map());
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** Outcome of a point, the last that was written; undefined: none. */
  outcome(point: Point): Outcome | undefined {
    return this.#outcomes.get(pointKey(point));
  }

  /** Outcomes there are, of whatever points. */
  get size(): number {
    return this.#outcomes.size;
  }

  /** Writes an outcome; when the promise resolves it is on the disk. Throws E0103. */
  async add({ point, outcome }: PointOutcome): Promise<void> {
    const line = JSON.stringify({ ...point, ...outcome } satisfies Line);
    try {
      await this.#file.appendFile(`${line}\n`);
      await this.#file.datasync();
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
    // As it would be read again: JSON has no NaN and no −0, and the results must not tell whether there was a break.
    this.#outcomes.set(pointKey(point), readLine(JSON.parse(line))!.outcome);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The first line is there whole or not at all. */
async function begin(path: string, of: SweepIdentity): Promise<void> {
  const heading: Heading = { sweepJournal: version, of };
  const beside = `${path}.${process.pid}.part`;
  try {
    await writeFile(beside, `${JSON.stringify(heading)}\n`, { flush: true });
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw cause;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new EngramError('E0102', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** What the lines of a journal say, and how many bytes of them are whole; null if not even the first line is. */
function readJournal(
  text: string,
  path: string,
  of: SweepIdentity,
): { outcomes: Map<string, Outcome>; bytes: number } | null {
  const lines = text.split('\n');
  // What follows the last line feed is empty, or a line that was cut short.
  lines.pop();
  if (lines.length === 0) return null;
  checkHeading(parse(lines[0]!), path, of);
  const outcomes = new Map<string, Outcome>();
  let bytes = Buffer.byteLength(lines[0]!) + 1;
  for (const [n, line] of lines.slice(1).entries()) {
    const read = readLine(parse(line));
    if (read === null) {
      // The last whole line too: a disk may keep the length of a file and lose what stood at its end.
      if (n === lines.length - 2) break;
      throw new EngramError('E1204', `${path}:${n + 2} is not an outcome of a sweep`, {
        fix: [`take the line out, or start anew: --fresh`],
      });
    }
    outcomes.set(pointKey(read.point), read.outcome);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { outcomes, bytes };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function checkHeading(found: unknown, path: string, of: SweepIdentity): void {
  const heading = found as Partial<Heading> | null;
  if (typeof heading?.of !== 'object' || heading.sweepJournal !== version)
    throw new EngramError('E1204', `${path} is not a journal of a sweep`, {
      fix: ['name another output file, or write over it: --fresh'],
    });
  const names = new Set([...Object.keys(heading.of), ...Object.keys(of)]) as Set<keyof SweepIdentity>;
  const different = [...names].filter((name) => heading.of![name] !== of[name]);
  if (different.length === 0) return;
  throw new EngramError(
    'E1201',
    `${path} holds the results of another sweep: ${different.join(', ')} differ`,
    {
      facts: different.map(
        (name) => [name, `${show(heading.of![name])} there, ${show(of[name])} now`] as const,
      ),
      fix: ['name another output file', 'throw its results away and start anew: --fresh'],
      context: { path, different },
    },
  );
}

function show(value: unknown): string {
  return value === undefined || value === null ? 'none' : String(value);
}

function readLine(found: unknown): PointOutcome | null {
  const line = found as Partial<{ figures: unknown; error: unknown } & Point> | null;
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  if (!isObject(line) || !isObject(line!.settings) || line!.seed === undefined) return null;
  const { seed, settings, ...outcome } = line as Line;
  return isObject(line!.figures) || isObject(line!.error) ? { point: { seed, settings }, outcome } : null;
}

function cannotWrite(path: string, cause: unknown): EngramError {
  return new EngramError('E0103', `cannot write ${path}: ${(cause as Error).message}`, { cause });
}
