import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngramError } from '../src/errors/engram-error.js';
import type { BoardKind, StartedBoard } from '../src/runtime/board-kind.js';
import { startedDevice } from './framework/device.js';
import { type HilOptions, quick } from './framework/options.js';
import { runSuites } from './framework/run-suites.js';
import type { CaseResult } from './framework/suite.js';
import { hilSuites } from './suites.js';

const minutes = 60_000;

export interface BoardTests {
  readonly options: HilOptions;
  /** Default: all. */
  readonly suites?: readonly string[];
  /** Cases that cannot be tried on this kind of board, as they are reported; anything else left out is a failure. */
  readonly notApplicable?: readonly string[];
}

/** The hardware tests on a kind of board that engram starts itself, a test a suite. */
export function testBoard(kind: BoardKind, { options, suites, notApplicable = [] }: BoardTests): void {
  describe(kind.name, () => {
    let board: StartedBoard | null = null;
    beforeAll(async () => {
      board = await startOrSay(kind);
    }, 4 * minutes);
    afterAll(() => board?.close(), minutes);

    const chosen = hilSuites.filter(({ name }) => suites?.includes(name) ?? true);
    test.each(chosen.map((suite) => [suite.name, suite] as const))(
      '%s',
      async (_, suite) => {
        if (board === null) return;
        const { suites: results } = await runSuites(startedDevice(kind.name, board), [suite], options);
        const cases = results.flatMap((result) => result.cases);
        expect(cases.length).toBe(suite.cases.length);
        expect(cases.filter(({ outcome }) => outcome === 'failed').map(withoutReplay)).toEqual([]);
        const leftOut = cases.filter(({ outcome }) => outcome === 'not-applicable').map(({ name }) => name);
        expect(leftOut).toEqual(
          suite.cases.map(({ name }) => name).filter((name) => notApplicable.includes(name)),
        );
      },
      8 * minutes,
    );
  });
}

/** A look at a board over each of its other ways in. */
export function testWays(kind: BoardKind, ways: readonly string[]): void {
  test.each(ways)(
    `${kind.name} over %s`,
    async (way) => {
      const board = await startOrSay(kind);
      if (board === null) return;
      try {
        expect(board.ways).toContain(way);
        const suites = hilSuites.filter(({ name }) => ['conformance', 'streaming'].includes(name));
        const report = await runSuites(startedDevice(kind.name, board, way), suites, quick);
        const cases = report.suites.flatMap((result) => result.cases);
        expect(cases.filter(({ outcome }) => outcome === 'failed').map(withoutReplay)).toEqual([]);
        expect(report.passed).toBeGreaterThan(50);
      } finally {
        await board.close();
      }
    },
    4 * minutes,
  );
}

/** Null, with the reason on stderr, where it cannot be started; in CI that is an error. */
async function startOrSay(kind: BoardKind): Promise<StartedBoard | null> {
  const missing = await kind.unavailable();
  if (missing === null) return kind.start();
  if (process.env['CI'] === 'true')
    throw new EngramError('E0606', `a board of kind '${kind.name}' cannot be started here: ${missing}`);
  process.stderr.write(`NOT CHECKED: the hardware tests on ${kind.name}: ${missing}\n`);
  return null;
}

function withoutReplay({ replay: _, ...rest }: CaseResult) {
  return rest;
}
