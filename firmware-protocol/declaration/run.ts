import { bits, choices, u8, u16, u32 } from './field.js';
import { request, stream } from './message.js';

export const runEnds = choices('RUN_END', {
  COMPLETED: [0, 'all ticks were run'],
  STOPPED: [1, 'STOP'],
  FAULT: [2, 'the firmware gave up; a LOG says why'],
});

export const runOptions = bits('RUN', {
  HASH: [1, 'RUN_DONE carries the state hash'],
});

export const runDoneFlags = bits('RUN_DONE', {
  HASH: [1, '`hash` is valid'],
  INCOMPLETE: [2, 'real time: stream records were dropped; the output of this run is not complete'],
  OVERRUN: [4, 'real time: at least one tick ended after its time; the run is not valid as real time'],
});

const hashEvery = u32('hashEvery', 'report the state hash every so many ticks; 0: never', { unit: 'ticks' });
const progressEvery = u32('progressEvery', 'RUN_PROGRESS every so many ticks; 0: never', { unit: 'ticks' });

/** Running ticks, in lockstep with the host or by the board's clock. */
export const runMessages = {
  RUN_LOCKSTEP: request({
    id: 0x20,
    reply: 'OK',
    errors: ['NO_IMAGE', 'BUSY', 'TICK_LIMIT'],
    doc: 'Grants ticks. OK comes at once, then the streams of the run, then RUN_DONE. The board runs as fast as it can and pauses while it has no stream credit; what it computes depends on the input alone, never on time.',
    fields: [
      u32('ticks', 'ticks to run', { unit: 'ticks', min: 1 }),
      hashEvery,
      progressEvery,
      u8('options', 'bits', { set: runOptions }),
    ],
  }),
  RUN_REALTIME: request({
    id: 0x21,
    reply: 'OK',
    errors: ['NO_IMAGE', 'BUSY', 'TICK_LIMIT', 'NOT_SUPPORTED'],
    doc: 'Runs one tick every `tickMicroseconds` of the board’s clock. An event stamped with a tick that has begun is late: it is applied at the next tick and counted.',
    fields: [
      u32('ticks', 'ticks to run; 0: until STOP', { unit: 'ticks' }),
      u32('tickMicroseconds', 'length of a tick; 0: the image’s', { unit: 'µs', max: 1_000_000 }),
      hashEvery,
      progressEvery,
      u8('options', 'bits', { set: runOptions }),
    ],
  }),
  STOP: request({
    id: 0x22,
    reply: 'OK',
    doc: 'Ends a run after the tick that is being run; RUN_DONE follows in the stream. No harm without a run.',
    fields: [],
  }),
  RUN_PROGRESS: stream({
    id: 0xa0,
    doc: 'Where the run stands.',
    fields: [
      u32('tick', 'next tick to run'),
      u32('spikesOut', 'output spikes of this run so far, wrapping'),
      u32('lateEvents', 'late events of this run so far'),
    ],
  }),
  RUN_DONE: stream({
    id: 0xa1,
    doc: 'The last stream message of a run: all its spikes, samples and hashes come before it.',
    fields: [
      u8('end', 'why it ended', { set: runEnds }),
      u8('flags', 'bits', { set: runDoneFlags }),
      u32('tick', 'next tick to run'),
      u32('ticksRun', 'ticks of this run', { unit: 'ticks' }),
      u32('hash', 'state hash; 0 where not asked for'),
      u32('spikesIn', 'input spikes applied, wrapping'),
      u32('spikesOut', 'output spikes sent, wrapping'),
      u32('duplicateSpikes', 'input spikes merged with another of the same unit and tick'),
      u32('lateEvents', 'input events applied late; lockstep: 0'),
      u32('droppedRecords', 'stream records dropped; lockstep: 0'),
      u32('overrunTicks', 'ticks that ended after their time; lockstep: 0', { unit: 'ticks' }),
      u32('worstTick', 'longest tick', { unit: 'µs' }),
    ],
  }),
  STREAM_LOSS: stream({
    id: 0xa2,
    doc: 'Real time only: the host gave too little credit, and the board had to drop records. Stands in the stream where they are missing.',
    fields: [
      u32('firstTick', 'tick of the first record dropped'),
      u32('lastTick', 'tick of the last record dropped'),
      u32('spikes', 'output spikes dropped'),
      u32('samples', 'probe samples and state hashes dropped'),
      u16('logs', 'log lines dropped'),
    ],
  }),
} as const;
