import { expect, test } from 'vitest';
import { compile } from '../compiler/compile.js';
import { loadTarget } from '../compiler/load-target.js';
import type { NetworkDescription } from '../network/description.js';
import { resolveNetwork } from '../network/resolve.js';
import { Board } from './board.js';
import { openVirtual } from './in-process.js';

const description: NetworkDescription = {
  engram: 1,
  name: 'two-tags',
  tick: '1 ms',
  populations: { in: { model: 'input', size: 2 }, out: { model: 'lif', size: 1 } },
  rules: {
    two: {
      dt: 'x1*y0',
      dt2: '0.5*x1*y0',
      x1: { tau: '20 ms' },
      tag: { tau: '1 s', range: 4 },
      tag2: { tau: 'none', range: 4 },
    },
    one: { dt: 'x1*y0', x1: { tau: '20 ms' }, tag: { tau: '1 s', range: 4 } },
  },
  projections: {
    both: { from: 'in', to: 'out', weight: 1.5, plasticity: { rule: 'two', weightRange: [0, 1.9] } },
    single: { from: 'in', to: 'out', weight: 0, plasticity: { rule: 'one', weightRange: [0, 1.9] } },
    fixed: { from: 'in', to: 'out', weight: 0 },
  },
};

test('tags and second tags of one pairing: each by its own amount, each with its own decay', async () => {
  const target = loadTarget('pico');
  const board = await Board.connect(openVirtual({ id: target.id, name: target.name }));
  try {
    await board.load(compile(resolveNetwork(description), target).image);
    await board.sendSpikes([0], [1]);
    await board.run(1001);
    const { pre, values } = await board.readTags('both');
    expect([...pre]).toEqual([0, 1]);
    expect(values[0]).toBe(0);
    // docs/core.md, section 12: a tag is within 6.6 % of the exponential.
    expect(Math.abs(values[1]! / Math.exp(-1) - 1)).toBeLessThan(0.066);
    expect([...(await board.readTags2('both')).values]).toEqual([0, 0.5]);
    expect((await board.readTags('single')).values).toEqual(values);
    for (const name of ['single', 'fixed'])
      expect([...(await board.readTags2(name)).values], name).toEqual([0, 0]);
    await expect(board.readTags2('no-such')).rejects.toMatchObject({ code: 'E0804' });
  } finally {
    await board.close();
  }
});
