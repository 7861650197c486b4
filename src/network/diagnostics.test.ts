import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngramError } from '../errors/engram-error.js';
import { arbitraryNetwork } from './arbitrary-network.testing.js';
import { resolveNetwork } from './resolve.js';
import { validateNetwork } from './validate.js';

/** A small sound network; each case changes it by assignments to paths. */
const base = () => ({
  engram: 1,
  name: 'base',
  populations: {
    context: { model: 'input', size: 20 },
    action: { model: 'lif', size: 10 },
    value: { model: 'readout', size: 1 },
  },
  modulators: { reward: { tau: '50 ms' } },
  rules: { mine: { dw: 'gain*x1*y0', x1: { tau: '20 ms' }, parameters: { gain: 0.1 } } },
  projections: {
    learned: {
      from: 'context',
      to: 'action',
      weight: 0.1,
      plasticity: { rule: 'rstdp', modulator: 'reward', weightRange: [0, 1] },
    },
    fixed: { from: 'action', to: 'action', weight: -0.1 },
  },
  probes: { spikes: { of: 'action', variable: 'spikes' } },
});

const cases: Record<string, Record<string, unknown>> = {
  'not an object': { '': 7 },
  'missing fields': { engram: undefined, name: undefined, populations: undefined },
  'another version': { engram: 2 },
  'name with a space': { name: 'my net' },
  'no population': { populations: {}, projections: {}, probes: {} },
  'unknown field': { projektions: {} },
  'tick as a bare number': { tick: 1 },
  'tick out of range': { tick: '5 us' },
  'tick of broken microseconds': { tick: '0.0125 ms' },
  'seed out of range': { seed: -1 },
  'name of a population': { 'populations.2nd': { model: 'input', size: 1 } },
  'unknown model': { 'populations.action.model': 'alif' },
  'population that is a number': { 'populations.action': 5 },
  'field of another model': { 'populations.context.tauMembrane': '20 ms' },
  'slip in a field': { 'populations.action.treshold': 1 },
  sizes: { 'populations.action.size': 0, 'populations.context.size': 2.5 },
  'time as a bare number': { 'populations.action.tauMembrane': 20 },
  'time with a wrong unit': { 'populations.action.tauMembrane': '20 sec' },
  'time constant below a tick': { 'populations.action.tauSynapse': '0.5 ms' },
  'refractory period between ticks': { 'populations.action.refractory': '2.5 ms' },
  'threshold and reset': { 'populations.action.threshold': 0.5, 'populations.action.reset': 0.5 },
  'threshold of zero': { 'populations.action.threshold': 0 },
  'values of another length': { 'populations.action.bias': { values: [1, 2] } },
  distribution: { 'populations.action.bias': { distribution: 'gamma' } },
  'distribution without a field': { 'populations.action.bias': { distribution: 'uniform', low: 0 } },
  'distribution upside down': { 'populations.action.bias': { distribution: 'uniform', low: 1, high: 0 } },
  'value of another kind': { 'populations.action.bias': 'small' },
  'modulator with a reserved name': { 'modulators.w': { tau: '1 s' } },
  baseline: { 'modulators.reward.baseline': { events: 0 } },
  'unknown population': { 'projections.fixed.from': 'acton' },
  'slice out of range': { 'projections.fixed.from': 'action[5:11]' },
  'slice that is none': { 'projections.fixed.from': 'action[-1]' },
  'empty slice': { 'projections.fixed.to': 'action[5:5]' },
  'input as a target': { 'projections.fixed.to': 'context' },
  'readout as a source': { 'projections.fixed.from': 'value' },
  'unknown connection': { 'projections.fixed.connect': 'all' },
  'unknown kind of connection': { 'projections.fixed.connect': { kind: 'random' } },
  probability: { 'projections.fixed.connect': { kind: 'probability', p: 1.5 } },
  'one-to-one of unequal sizes': {
    'projections.fixed.connect': 'one-to-one',
    'projections.fixed.to': 'action[0:4]',
  },
  'in-degree': { 'projections.fixed.connect': { kind: 'in-degree', n: 10, selfConnections: false } },
  'pairs out of range': {
    'projections.fixed.connect': {
      kind: 'list',
      pairs: [[0, 0], [10, 3], [3, 10], ...Array(9).fill([11, 11])],
    },
  },
  'pair that is none': { 'projections.fixed.connect': { kind: 'list', pairs: [[0, 0], [1]] } },
  'number of weights': { 'projections.fixed.weight': { values: [1, 2, 3] } },
  'weights for chance': {
    'projections.fixed.weight': { values: [1] },
    'projections.fixed.connect': { kind: 'probability', p: 0.5 },
  },
  'delay of nothing': { 'projections.fixed.delay': '0 ms' },
  'delay too long': { 'projections.fixed.delay': '64 ms' },
  'delay between ticks': {
    'projections.fixed.delay': { distribution: 'uniform', low: '1.5 ms', high: '3 ms' },
  },
  'delay as a bare number': { 'projections.fixed.delay': 1 },
  'delay upside down': { 'projections.fixed.delay': { distribution: 'uniform', low: '3 ms', high: '1 ms' } },
  'delays of another kind': { 'projections.fixed.delay': { values: ['1 ms', 2] } },
  'unknown rule': { 'projections.learned.plasticity.rule': 'rsdtp' },
  'unknown modulator': { 'projections.learned.plasticity.modulator': 'rewrad' },
  'modulator missing': { 'projections.learned.plasticity.modulator': undefined },
  'modulator not used': { 'projections.learned.plasticity.rule': 'stdp' },
  parameters: { 'projections.learned.plasticity.aPls': 1, 'projections.learned.plasticity.tauTag': 2 },
  'weight outside the range': { 'projections.learned.weight': 1.5 },
  'distribution outside the range': {
    'projections.learned.weight': { distribution: 'uniform', low: -1, high: 2 },
  },
  'range upside down': { 'projections.learned.plasticity.weightRange': [1, 0] },
  'range of one number': { 'projections.learned.plasticity.weightRange': [1] },
  'plastic onto a readout': { 'projections.learned.to': 'value' },
  equation: { 'rules.mine.dw': 'gian*x1*y0 + x2' },
  'equation with a slip of syntax': { 'rules.mine.dw': 'gain*x1*' },
  'name of a named rule': { 'rules.stdp': { dw: 'w' } },
  'parameter with a reserved name': { 'rules.mine.parameters': { gain: 1, w: 2 } },
  'rule that fails with these parameters': {
    'rules.mine.dw': 'w/gain',
    'projections.learned.plasticity': { rule: 'mine', weightRange: [0, 1], gain: 0 },
  },
  'error of nothing': {
    'modulators.reward': { tau: 'none', error: { population: 'valeu', gate: 'rewrad' } },
  },
  'error of an input, gated by an error': {
    'modulators.reward': { tau: 'none', error: { population: 'context' } },
    'modulators.other': {
      tau: 'none',
      error: { population: 'value', gate: 'reward' },
      baseline: { events: 3 },
    },
  },
  'two errors of a population': {
    'modulators.first': { tau: 'none', error: { population: 'value' } },
    'modulators.second': { tau: 'none', error: { population: 'value' } },
  },
  'more channels than there are': {
    'populations.value.size': 239,
    'modulators.error': { tau: 'none', error: { population: 'value' } },
  },
  'an error modulator of several neurons as m': {
    'populations.value.size': 2,
    'modulators.reward': { tau: 'none', error: { population: 'value' } },
  },
  'feedback of no error': { 'projections.fixed.feedback': 'reward' },
  'feedback of nothing': { 'projections.fixed.feedback': 'eror' },
  'feedback that leads elsewhere': {
    'modulators.error': { tau: 'none', error: { population: 'value' } },
    'projections.fixed.feedback': 'error',
  },
  'feedback twice, with many delays, and from an input': {
    'modulators.error': { tau: 'none', error: { population: 'value' } },
    'projections.a': { from: 'action', to: 'value', weight: 1, feedback: 'error' },
    'projections.b': { from: 'action', to: 'value', weight: 1, feedback: 'error', silent: true },
    'projections.c': {
      from: 'context',
      to: 'value',
      weight: 1,
      feedback: 'error',
      delay: { distribution: 'uniform', low: '1 ms', high: '3 ms' },
    },
  },
  'feedback to too many': {
    'populations.action.size': 257,
    'modulators.error': { tau: 'none', error: { population: 'action' } },
    'projections.fixed.feedback': 'error',
  },
  'h without a surrogate, l without a signal': {
    'projections.learned.plasticity': { rule: 'eprop', weightRange: [0, 1] },
  },
  'h of a readout': {
    'rules.mine.dw': 'gain*h*x1*h0',
    'projections.a': {
      from: 'action',
      to: 'value',
      weight: 1,
      plasticity: { rule: 'mine', weightRange: [0, 1] },
    },
  },
  surrogate: { 'populations.action.surrogate': { dampening: 0, shape: 'round' } },
  'silent by a word': { 'projections.fixed.silent': 'yes' },
  'second tag': { 'rules.mine.tag2': { tau: '1 s', range: -1 }, 'rules.mine.sweep': '0.5 ms' },
  episodes: {
    episodes: {
      record: ['context', 'contxt', 'value', 'context'],
      opens: ['action'],
      on: 'rewrad',
      window: '5 s',
      settle: '0.5 ms',
    },
  },
  'fields of episodes': {
    episodes: { record: [], slots: 0, events: 5000, speed: 3, order: 'back', earlier: 8, clear: ['all'] },
  },
  'probe of nothing': { 'probes.spikes.of': 'actoin' },
  'probe of the wrong kind': { 'probes.spikes': { of: 'learned', variable: 'v' } },
  'probe of a weight of a population': { 'probes.spikes': { of: 'action', variable: 'weight' } },
  'probe of what is not there': {
    'probes.a': { of: 'action', variable: 'i' },
    'probes.b': { of: 'context', variable: 'v' },
    'probes.c': { of: 'action', variable: 'y2' },
    'probes.d': { of: 'fixed', variable: 'tag' },
    'probes.e': { of: 'action', variable: 'u' },
  },
  'probe slice and times': {
    'probes.a': { of: 'action', variable: 'v', neurons: '5:12', every: '0.5 ms' },
    'probes.b': { of: 'action', variable: 'spikes', every: '1 ms' },
    'probes.c': { of: 'learned', variable: 'tag', neurons: '0:2' },
  },
  'schema and meaning at once, without blame for what follows': {
    'populations.action.size': 'ten',
    'projections.learned.weight': true,
    'projections.fixed.from': 'contxt',
    'probes.w': { of: 'learned', variable: 'tag' },
    'modulators.reward': {},
  },
};

function changed(changes: Record<string, unknown>): unknown {
  if ('' in changes) return changes[''];
  const network: unknown = base();
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let place = network as Record<string, unknown>;
    for (const key of keys) place = place[key] as Record<string, unknown>;
    if (value === undefined) delete place[last];
    else place[last] = value;
  }
  return network;
}

function diagnosis(json: unknown): string {
  try {
    validateNetwork(json);
  } catch (error) {
    const { code, message, problems } = error as EngramError;
    const lines = problems.map(
      ({ path, message, allowed }) =>
        `${path}: ${message.replaceAll('\n', '\n  ')}${allowed === undefined ? '' : `\n  allowed: ${allowed}`}`,
    );
    return [`${code} ${message}`, ...lines].join('\n');
  }
  return 'NOTHING WAS FOUND';
}

test('the base of all cases is sound', () => {
  expect(diagnosis(base())).toBe('NOTHING WAS FOUND');
});

test('every diagnostic of a description reads as it should', async () => {
  const texts = Object.entries(cases).map(
    ([title, changes]) => [title, diagnosis(changed(changes))] as const,
  );
  expect(texts.filter(([, text]) => text.startsWith('NOTHING'))).toEqual([]);
  await expect(texts.map(([title, text]) => `## ${title}\n${text}\n`).join('\n')).toMatchFileSnapshot(
    'diagnostics.golden.txt',
  );
});

test('a field whose name is empty is named', () => {
  expect(() => validateNetwork({ engram: 1, name: 'x', '': 3 })).toThrow(
    expect.objectContaining({ problems: expect.arrayContaining([expect.objectContaining({ path: '""' })]) }),
  );
});

test('whatever is done to a network, it is valid or refused with reasons', () => {
  const junk = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(
      'none',
      '20 ms',
      '1e999 h',
      '0.3 ms',
      'action[',
      'input[0:1]',
      'first',
      'x1*y0',
      -1,
      1e300,
      0.5,
      [],
      {},
      null,
    ),
    fc.constant(undefined),
    fc.constant(Number.NaN),
  );
  let refused = 0;
  fc.assert(
    fc.property(
      arbitraryNetwork(),
      fc.array(fc.tuple(fc.nat(), junk, fc.boolean()), { minLength: 1, maxLength: 3 }),
      (network, mutations) => {
        const json: unknown = structuredClone(network);
        for (const [place, value, rename] of mutations) mutate(json, place, value, rename);
        try {
          resolveNetwork(json as typeof network);
        } catch (error) {
          refused++;
          if (!(error instanceof EngramError)) throw error;
          expect(error.code).toBe('E0201');
          expect(error.problems.length).toBeGreaterThan(0);
          for (const { path, message } of error.problems)
            expect(path.length * message.length).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(100);
});

/** Replaces, or moves to another name, the n-th of all places of a document. */
function mutate(json: unknown, n: number, value: unknown, rename: boolean): void {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node).slice(0, 20)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(json);
  const [node, key] = places[n % places.length] ?? [];
  if (!node || key === undefined) return;
  if (rename && !Array.isArray(node)) {
    // An object of no string, such as { toString: false }, is a junk value too.
    node[typeof value === 'object' ? JSON.stringify(value) : String(value)] = node[key];
    delete node[key];
  } else node[key] = value;
}
