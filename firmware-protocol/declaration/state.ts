import { choices, list, record, records, u8, u16, u32 } from './field.js';
import { reply, request, stream } from './message.js';

export const stateVariables = choices('STATE', {
  V: [0, 'membrane; by neuron'],
  I: [1, 'synaptic current; by neuron'],
  REFRACTORY: [2, 'refractory ticks left; by neuron'],
  Y1: [3, 'post-trace; by neuron'],
  Y2: [4, 'post-trace; by neuron'],
  Y3: [5, 'post-trace; by neuron'],
  A: [6, 'rise of the threshold of adaptive neurons; by neuron'],
  X1: [16, 'pre-trace; by axon'],
  X2: [17, 'pre-trace; by axon'],
  W: [32, 'weight, 16 bits; by synapse'],
  T: [33, 'tag, 16 bits; by synapse'],
  T2: [34, 'second tag, 16 bits; by synapse'],
  M: [48, 'modulator; by channel, board-wide'],
  BASELINE: [49, 'baseline; by channel, board-wide'],
  EPISODE: [52, 'words of the episodic buffer, board-wide, read-only'],
  EPISODE_SLOT: [53, 'count, outcome, priority of each episode, board-wide, read-only'],
  EPISODE_EVENT: [54, 'spikes of the episodes, board-wide, read-only'],
});

/** Core number that stands for the whole board. */
export const boardWide = 0xffff;

/** True for variables that travel as 16-bit values (W, T and T2). */
export function isNarrowVariable(variable: number): boolean {
  const { W, T, T2 } = stateVariables.value;
  return variable === W || variable === T || variable === T2;
}

const core = u16('core', 'core; 65535: the whole board');
const variable = u8('variable', 'state variable', { set: stateVariables });
const first = u32('first', 'first index');
const values = [
  list('values16', 'i16', 'u16', 'values of W, T or T2'),
  list('values32', 'i32', 'u16', 'values of any other variable'),
] as const;

const hashAt = record('HashAt', 'State hash between two ticks.', [
  u32('tick', 'next tick to run'),
  u32('hash', 'state hash (docs/core.md, section 10)'),
]);

/** Reading, writing and comparing the state (docs/core.md, section 11). */
export const stateMessages = {
  STATE_READ: request({
    id: 0x48,
    reply: 'STATE_DATA',
    errors: ['NO_IMAGE', 'UNKNOWN_CORE', 'UNKNOWN_VARIABLE', 'OUT_OF_RANGE'],
    doc: 'Reads a range of a variable, between two ticks even while running.',
    fields: [core, variable, first, u32('count', 'values wanted', { min: 1 })],
  }),
  STATE_DATA: reply({
    id: 0xc8,
    doc: 'As many of the values as fit a frame, at least one; ask again for the rest. Variables of 16 bits fill `values16`, the others `values32`.',
    fields: [u32('tick', 'next tick to run'), core, variable, first, ...values],
  }),
  STATE_WRITE: request({
    id: 0x49,
    reply: 'OK',
    errors: [
      'NO_IMAGE',
      'BUSY',
      'UNKNOWN_CORE',
      'UNKNOWN_VARIABLE',
      'OUT_OF_RANGE',
      'READ_ONLY',
      'BAD_VALUE',
    ],
    doc: 'Writes a range, whole or not at all. Exactly one of the lists is filled, as in STATE_DATA. BUSY during a run.',
    fields: [core, variable, first, ...values],
  }),
  STATE_HASH: request({
    id: 0x4a,
    reply: 'STATE_HASH_REPLY',
    errors: ['NO_IMAGE', 'BUSY'],
    doc: 'Asks for the state hash now. BUSY during a run: use `hashEvery` of the run.',
    fields: [],
  }),
  STATE_HASH_REPLY: reply({
    id: 0xca,
    doc: 'The state hash.',
    fields: [u32('tick', 'next tick to run'), u32('hash', 'state hash (docs/core.md, section 10)')],
  }),
  HASHES: stream({
    id: 0xcb,
    doc: 'State hashes of a run with `hashEvery` = K, one whenever the next tick is a multiple of K, batched like spikes.',
    fields: [records('hashes', hashAt, 'u16', 'in order of ticks')],
  }),
} as const;
