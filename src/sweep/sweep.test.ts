import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { gridPoints } from './grid.js';
import type { SweepIdentity } from './identity.js';
import { Journal } from './journal.js';
import type { Outcome, Point } from './point.js';
import type { PointRunner } from './point-runner.js';
import { resultsText } from './results-file.js';
import { parseAxis } from './settings.js';
import { runSweep } from './sweep.js';

/** The sweep over a runner that only reckons: what is left after a failure at any place, and in what order it comes. */
const identity: SweepIdentity = {
  engram: '1',
  network: 'n',
  task: null,
  taskModule: null,
  target: 'pico',
  cores: null,
  recording: null,
  ticks: 5,
  blockSize: null,
};
const points = gridPoints({ sets: [], axes: [parseAxis('rate=0.5,ü')], seeds: [3, 4, 5] });
let path = '';

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'engram-sweep-')), 'results.csv.journal');
});

/** Gives the outcomes last point first, and notes which it was asked for. */
function reckoner(outcomeOf: (point: Point) => Outcome = reckon): PointRunner & { readonly asked: Point[] } {
  const asked: Point[] = [];
  return {
    asked,
    async *run(given) {
      for (const point of [...given].reverse()) {
        asked.push(point);
        yield { point, outcome: outcomeOf(point) };
      }
    },
    close: async () => {},
  };
}

function reckon({ seed, settings }: Point): Outcome {
  return { figures: { sum: `${settings['rate']}+${seed}`, none: Number.NaN, list: [1, 2] } };
}

async function sweepOnce(runner: PointRunner, signal = new AbortController().signal): Promise<string> {
  const journal = await Journal.open(path, identity);
  try {
    return resultsText(await runSweep(points, journal, runner, { signal }), 'csv', identity);
  } finally {
    await journal.close();
  }
}

const table = `point,rate,seed,sum,none,error
1,0.5,3,0.5+3,,
2,0.5,4,0.5+4,,
3,0.5,5,0.5+5,,
4,ü,3,ü+3,,
5,ü,4,ü+4,,
6,ü,5,ü+5,,
`;

test('the table is in the order of the points, whatever the order of the outcomes', async () => {
  expect(await sweepOnce(reckoner())).toBe(table);
});

test('a journal that ends anywhere, within a letter too: what was whole is kept, the rest is run, the table is the same', async () => {
  await sweepOnce(reckoner());
  const whole = readFileSync(path);
  for (let bytes = 0; bytes <= whole.length; bytes += 3) {
    writeFileSync(path, whole.subarray(0, bytes));
    const outcomes = Math.max(0, whole.subarray(0, bytes).toString().split('\n').length - 2);
    const runner = reckoner();
    expect(await sweepOnce(runner)).toBe(table);
    expect(runner.asked).toHaveLength(points.length - outcomes);
    expect(readFileSync(path)).toEqual(whole);
  }
});

test('a last line of zeros, as a power failure can leave it, is taken off', async () => {
  await sweepOnce(reckoner());
  const whole = readFileSync(path);
  appendFileSync(path, `${'\0'.repeat(40)}\n`);
  const runner = reckoner();
  expect(await sweepOnce(runner)).toBe(table);
  expect([runner.asked, readFileSync(path)]).toEqual([[], whole]);
});

test('damage in the middle is not passed over', async () => {
  await sweepOnce(reckoner());
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [lines[0], 'x', ...lines.slice(2)].join('\n'));
  await expect(sweepOnce(reckoner())).rejects.toMatchObject({ code: 'E1204', message: /journal:2 is not/ });
});

test('another file is not written over', async () => {
  writeFileSync(path, 'rate,seed\n1,2\n');
  await expect(sweepOnce(reckoner())).rejects.toMatchObject({ code: 'E1204' });
  expect(readFileSync(path, 'utf8')).toBe('rate,seed\n1,2\n');
});

test('points that failed are run again, and only they', async () => {
  const bad = (point: Point): Outcome =>
    point.seed === 4 ? { error: { code: 'E0401', message: 'does not fit, at all' } } : reckon(point);
  expect(await sweepOnce(reckoner(bad))).toContain('2,0.5,4,,,"E0401: does not fit, at all"\n');
  const runner = reckoner();
  expect(await sweepOnce(runner)).toBe(table);
  expect(runner.asked.map(({ seed }) => seed)).toEqual([4, 4]);
});

test('what is aborted keeps what came', async () => {
  const stop = new AbortController();
  const stopping = reckoner((point) => {
    if (point.seed === 3) stop.abort();
    return reckon(point);
  });
  await expect(sweepOnce(stopping, stop.signal)).rejects.toMatchObject({
    code: 'E0104',
    message: expect.stringContaining('3 of 6 points'),
  });
  const runner = reckoner();
  expect(await sweepOnce(runner)).toBe(table);
  expect(runner.asked).toHaveLength(3);
});

test('a journal is opened only for what it is of', async () => {
  await sweepOnce(reckoner());
  const other = { ...identity, ticks: 6, network: 'm' };
  await expect(Journal.open(path, other)).rejects.toMatchObject({
    code: 'E1201',
    facts: [
      ['network', 'n there, m now'],
      ['ticks', '5 there, 6 now'],
    ],
  });
  const journal = await Journal.open(path, other, { fresh: true });
  expect(journal.size).toBe(0);
  await journal.close();
});
