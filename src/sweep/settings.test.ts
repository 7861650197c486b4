import { describe, expect, test } from 'vitest';
import { gridPoints } from './grid.js';
import { parseAxis, parseSeeds, parseValue } from './settings.js';

describe('values of a sweep as users write them', () => {
  test.each([
    ['rate=1e-7,4e-7', [1e-7, 4e-7]],
    ['rate=.5', [0.5]],
    ['n=1..4,10', [1, 2, 3, 4, 10]],
    ['n=-2..1', [-2, -1, 0, 1]],
    ['tauTag=20 ms, 2 s', ['20 ms', '2 s']],
    ['replay=true,false', [true, false]],
    ['memory=none,held', ['none', 'held']],
    [
      'range=[0,0.08],[0,0.1]',
      [
        [0, 0.08],
        [0, 0.1],
      ],
    ],
    ['connect=all-to-all,{"kind":"probability","p":0.1}', ['all-to-all', { kind: 'probability', p: 0.1 }]],
    ['text="a,b","7"', ['a,b', '7']],
    ['rule=a=b', ['a=b']],
    ['from=a[0:5],a[5:10]', ['a[0:5]', 'a[5:10]']],
  ])('%s', (text, values) => {
    expect(parseAxis(text).values).toEqual(values);
  });

  test.each(['rate', 'rate=', '=1', 'rate=1,,2', 'rate=1,1', 'n=4..1', 'n=0..1000000000'])(
    '%s is refused',
    (text) => {
      expect(() => parseAxis(text)).toThrow(expect.objectContaining({ code: 'E0101' }));
    },
  );

  test.each(['a', '1.5', '-1', '4294967296', 'true'])('%s is no seed', (text) => {
    expect(() => parseSeeds(text)).toThrow(expect.objectContaining({ code: 'E0101' }));
  });

  test('a number that is a text', () => {
    expect(parseValue('"5"')).toBe('5');
  });
});

describe('the points of a sweep', () => {
  const axes = [parseAxis('a=1,2'), parseAxis('b.c=x,y')];

  test('every combination; seeds change fastest, then the last axis', () => {
    const points = gridPoints({ sets: [], axes, seeds: [7, 8] });
    expect(points.map(({ seed, settings }) => [settings['a'], settings['b.c'], seed])).toEqual([
      [1, 'x', 7],
      [1, 'x', 8],
      [1, 'y', 7],
      [1, 'y', 8],
      [2, 'x', 7],
      [2, 'x', 8],
      [2, 'y', 7],
      [2, 'y', 8],
    ]);
  });

  test('an axis named seed gives seeds, wherever it stands', () => {
    expect(gridPoints({ sets: [], axes: [parseAxis('seed=7,8'), ...axes], seeds: [] })).toEqual(
      gridPoints({ sets: [], axes, seeds: [7, 8] }),
    );
  });

  test('sets of a file, each with all the rest', () => {
    const sets = [{ p: 1 }, { p: 2, q: 3, seed: 5 }];
    expect(gridPoints({ sets, axes: [parseAxis('a=1,2')], seeds: [] })).toEqual([
      { seed: null, settings: { p: 1, a: 1 } },
      { seed: null, settings: { p: 1, a: 2 } },
      { seed: 5, settings: { p: 2, q: 3, a: 1 } },
      { seed: 5, settings: { p: 2, q: 3, a: 2 } },
    ]);
  });

  test.each([
    ['a name twice', { sets: [], axes: [parseAxis('a=1'), parseAxis('a=2')], seeds: [] }],
    ['a column and an axis', { sets: [{ a: 1 }], axes: [parseAxis('a=1')], seeds: [] }],
    ['seeds twice', { sets: [], axes: [parseAxis('seed=1')], seeds: [2] }],
    [
      'a set twice',
      {
        sets: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        axes: [],
        seeds: [],
      },
    ],
    ['too many', { sets: [], axes: [parseAxis('a=1..2000'), parseAxis('b=1..2000')], seeds: [] }],
    ['a seed that is none', { sets: [{ seed: 'x' }], axes: [], seeds: [] }],
  ])('%s: refused', (_, parts) => {
    expect(() => gridPoints(parts)).toThrow(expect.objectContaining({ code: 'E0101' }));
  });
});
