import { u32 } from './field.js';
import { reply, request } from './message.js';

/** Counters since start, RESET, a load or STATISTICS_CLEAR. All wrap at 2^32. */
export const statisticsMessages = {
  STATISTICS_READ: request({ id: 0x50, reply: 'STATISTICS', doc: 'Asks for the counters.', fields: [] }),
  STATISTICS_CLEAR: request({ id: 0x51, reply: 'OK', doc: 'Zeroes the counters.', fields: [] }),
  STATISTICS: reply({
    id: 0xd0,
    doc: 'The counters. In lockstep, late events and dropped records stay 0.',
    fields: [
      u32('ticks', 'ticks run', { unit: 'ticks' }),
      u32('spikesIn', 'input spikes applied'),
      u32('spikesOut', 'output spikes sent'),
      u32('duplicateSpikes', 'input spikes merged with another of the same unit and tick'),
      u32('lateEvents', 'input events applied after the tick they were stamped with'),
      u32('droppedEvents', 'input events taken and then lost; a fault if not 0'),
      u32('droppedRecords', 'spikes, samples and log lines dropped for want of stream credit'),
      u32('overrunTicks', 'ticks that ended after their time', { unit: 'ticks' }),
      u32('worstTick', 'longest tick', { unit: 'µs' }),
      u32('worstTickCycles', 'longest tick; 0 without the capability CYCLES', { unit: 'cycles' }),
      u32('cyclesLow', 'cycles spent in ticks, low half', { unit: 'cycles' }),
      u32('cyclesHigh', 'cycles spent in ticks, high half', { unit: '2^32 cycles' }),
      u32('saturatedStates', 'results that sat24 had to clamp; 0 on boards that do not count them'),
      u32('saturatedWeights', 'weights clamped to their bounds, likewise'),
      u32('saturatedTags', 'tags clamped, likewise'),
      u32('framesGood', 'frames received'),
      u32('discardedCrc', 'frames with a wrong checksum'),
      u32('discardedCobs', 'frames that were no COBS encoding'),
      u32('discardedShort', 'frames too short'),
      u32('discardedLong', 'frames too long'),
    ],
  }),
} as const;
