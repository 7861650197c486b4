import { bits, choices, i32, record, records, u8, u16, u32 } from './field.js';
import { request } from './message.js';

export const controlCodes = choices('CONTROL', {
  CLEAR: [1, 'clears state of the population; argument: bits CLEAR'],
  LEARN: [2, 'argument 1: learning on, 0: off'],
  EPISODE: [3, 'argument 0: closes the open episode, 1: empties the episodic buffer'],
  REPLAY: [4, 'argument 0, 1, …: the newest episode, the one before, …; 65535: the one of highest priority'],
});

export const clearBits = bits('CLEAR', {
  NEURONS: [1, 'V, I, A and refractory'],
  TRACES: [2, 'traces'],
  TAGS: [4, 'tags T and T2'],
  IN_FLIGHT: [8, 'spikes in flight'],
  MODULATORS: [16, 'modulators, of all channels'],
});

/** Stands for every population. */
export const allPopulations = 0xffff;

const rewardEvent = record('RewardEvent', 'Reward on one channel at one tick. Several add up.', [
  u32('tick', 'tick at which it arrives'),
  u8('channel', 'modulator channel'),
  i32('value', 'reward', { unit: '2^-20' }),
]);

const controlEvent = record('ControlEvent', 'A control event (docs/core.md, section 8).', [
  u32('tick', 'tick at which it acts'),
  u8('code', 'what to do', { set: controlCodes }),
  u16('population', 'population number; 65535: all'),
  u32('argument', 'depends on the code'),
]);

/** Input events other than spikes. */
export const eventMessages = {
  REWARD: request({
    id: 0x38,
    reply: 'OK',
    errors: ['NO_IMAGE', 'TICK_PAST', 'TICK_FAR', 'UNKNOWN_CHANNEL', 'QUEUE_FULL', 'BUSY'],
    doc: 'Reward events in any order, taken whole or refused whole. TICK_PAST unless a real-time run is on.',
    fields: [records('events', rewardEvent, 'u16', 'reward events')],
  }),
  CONTROL: request({
    id: 0x39,
    reply: 'OK',
    errors: [
      'NO_IMAGE',
      'TICK_PAST',
      'TICK_FAR',
      'UNKNOWN_CONTROL',
      'UNKNOWN_POPULATION',
      'QUEUE_FULL',
      'BUSY',
    ],
    doc: 'Control events in any order, taken whole or refused whole. TICK_PAST unless a real-time run is on.',
    fields: [records('events', controlEvent, 'u16', 'control events')],
  }),
} as const;
