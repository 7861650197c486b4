import { list, record, records, u8, u16, u32 } from './field.js';
import { request, stream } from './message.js';

const spikeGroup = record(
  'SpikeGroup',
  'Spikes of one tick. Units below 65,536 take two bytes, the others four. More than 255 of a kind: several groups of the same offset.',
  [
    u16('tickOffset', 'tick minus `baseTick`; never falls from group to group', { unit: 'ticks' }),
    list('narrow', 'u16', 'u8', 'units below 65,536'),
    list('wide', 'u32', 'u8', 'units; they come after the narrow ones in order'),
  ],
);

const batch = [
  u32('baseTick', 'tick that offsets count from; no spike lies beyond tick 4294967295'),
  records('groups', spikeGroup, 'u16', 'in order of ticks'),
] as const;

/** Address events: batches stamped with ticks. */
export const spikeMessages = {
  SPIKES_IN: request({
    id: 0x30,
    reply: 'OK',
    errors: ['NO_IMAGE', 'TICK_PAST', 'TICK_FAR', 'UNKNOWN_UNIT', 'QUEUE_FULL', 'BUSY'],
    doc: 'Spikes of input units, taken whole or refused whole. TICK_PAST unless a real-time run is on. Several spikes of a unit in a tick count as one.',
    fields: batch,
  }),
  SPIKES_OUT: stream({
    id: 0xb0,
    doc: 'Spikes of the populations selected for output, by tick, then by unit, both ascending. The board sends a batch when it is full, when a run ends, and in real time at least every 20 ms.',
    fields: batch,
  }),
  SPIKES_SELECT: request({
    id: 0x31,
    reply: 'OK',
    errors: ['NO_IMAGE', 'UNKNOWN_POPULATION', 'BUSY'],
    doc: 'Chooses whether the spikes of a population leave the board, from the next tick on. The image sets the initial choice. BUSY in a lockstep run.',
    fields: [
      u16('population', 'population number; 65535: all'),
      u8('on', '1: send its spikes, 0: do not', { max: 1 }),
    ],
  }),
} as const;
