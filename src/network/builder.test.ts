import { expect, test } from 'vitest';
import { network } from './builder.js';
import { choiceMemory } from './choice-memory.js';

test('slices outside the population are refused at once', () => {
  const action = network({ name: 'n' }).lif('action', { size: 4 });
  expect(action.slice(1, 3)).toMatchObject({ text: 'action[1:3]', size: 2 });
  expect(() => action.slice(0, 5)).toThrow(RangeError);
  expect(() => action.slice(2, 2)).toThrow('0 <= first < end <= 4');
});

test('a second part of the same name is refused at once', () => {
  const net = network({ name: 'n' });
  const a = net.lif('a', { size: 1 });
  expect(() => net.input('a', 3)).toThrow('populations.a is there already');
  net.project(a, a, { weight: 1 });
  expect(() => net.project(a, a, { weight: 1 })).toThrow('projections.a-a is there already');
  expect(net.project(a, a, { name: 'again', weight: 1 })).toEqual({ kind: 'projection', name: 'again' });
});

test('all other problems come together when it is built', () => {
  const net = network({ name: 'n', tick: '3 us' });
  const a = net.lif('a', { size: 1, tauMembrane: '20 sec' });
  net.project(a, a, { weight: 1, plasticity: { rule: 'none-such', weightRange: [0, 1] } });
  expect(() => net.build()).toThrow('3 problems');
});

test('inputs as targets and readouts as sources are errors of type', () => {
  const net = network({ name: 'n' });
  const input = net.input('input', 1);
  const readout = net.readout('readout', { size: 1 });
  // @ts-expect-error an input takes no synapses
  net.project(input, input, { name: 'onto-input', weight: 1 });
  // @ts-expect-error a readout never spikes
  net.project(readout, readout, { name: 'from-readout', weight: 1 });
  expect(() => net.build()).toThrow('2 problems');
});

test('fields that are undefined are not there, and later changes do not reach what was built', () => {
  const net = network({ name: 'n', tick: undefined });
  const list = { values: [0.1] };
  net.lif('a', { size: 1, bias: list, tauSynapse: undefined });
  const built = net.build();
  list.values[0] = 5;
  expect(JSON.stringify(built)).toBe(
    '{"engram":1,"name":"n","populations":{"a":{"model":"lif","size":1,"bias":{"values":[0.1]}}}}',
  );
});

test('errors, feedback, episodes and a choice memory, by handle and as a plain description', () => {
  const net = network({ name: 'n' });
  const context = net.input('context', 4);
  const action = net.lif('action', { size: 4, surrogate: {} });
  const readout = net.readout('readout', { size: 2 });
  const teach = net.modulator('teach', { tau: 'none' });
  const error = net.modulator('error', { tau: 'none', error: { population: readout, gate: teach } });
  net.project(action, readout, { weight: 0.1, feedback: error });
  const kept = net.choiceMemory(action, { actions: 2, context: { population: context } });
  net.project(kept.context!, action, { weight: 0.1 });
  net.episodes({ record: [context, action], on: teach, window: '1 s' });
  const populations = {
    context: { model: 'input', size: 4 },
    action: { model: 'lif', size: 4, surrogate: {} },
    readout: { model: 'readout', size: 2 },
  } as const;
  const memory = choiceMemory(
    { populations },
    { action: 'action', actions: 2, context: { population: 'context' } },
  );
  expect(net.build()).toEqual({
    engram: 1,
    name: 'n',
    populations: { ...populations, ...memory.populations },
    modulators: {
      teach: { tau: 'none' },
      error: { tau: 'none', error: { population: 'readout', gate: 'teach' } },
    },
    projections: {
      'action-readout': { from: 'action', to: 'readout', weight: 0.1, feedback: 'error' },
      ...memory.projections,
      'choice-context-action': { from: 'choice-context', to: 'action', weight: 0.1 },
    },
    episodes: { record: ['context', 'action'], on: 'teach', window: '1 s' },
  });
  expect([kept.memory.size, kept.context!.size]).toEqual([2, 4]);
});

test('a choice memory that does not fit is refused at once', () => {
  const net = network({ name: 'n' });
  const action = net.lif('action', { size: 5 });
  expect(() => net.choiceMemory(action, { actions: 2 })).toThrow('groups of equal size');
  expect(() => net.choiceMemory(action, { actions: 5, period: '100 ms' })).toThrow('2 to 63 ticks');
  expect(() => net.choiceMemory(action, { actions: 5, context: { population: 'cue' } })).toThrow(
    'no population',
  );
  net.choiceMemory(action, { actions: 5, perAction: 2, attractor: true });
  expect(net.build().populations['choice']).toMatchObject({ model: 'lif', size: 10 });
});
