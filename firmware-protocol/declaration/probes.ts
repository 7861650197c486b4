import { list, u8, u16, u32 } from './field.js';
import { request, stream } from './message.js';
import { stateVariables } from './state.js';

/** Any state variable, sampled while running. */
export const probeMessages = {
  PROBE_SET: request({
    id: 0x40,
    reply: 'OK',
    errors: ['NO_IMAGE', 'UNKNOWN_PROBE', 'UNKNOWN_CORE', 'UNKNOWN_VARIABLE', 'OUT_OF_RANGE', 'BUSY'],
    doc: 'Sets a probe, from the next tick on, in place of what had its number. Probes 0, 1, … are the image’s when it is loaded. BUSY in a lockstep run.',
    fields: [
      u16('probe', 'number of the probe'),
      u16('core', 'core; 65535: the whole board'),
      u8('variable', 'state variable', { set: stateVariables }),
      u32('first', 'first index'),
      u32('count', 'values', { min: 1 }),
      u32('everyTicks', 'a sample after each tick whose number is a multiple of this', {
        unit: 'ticks',
        min: 1,
      }),
    ],
  }),
  PROBE_CLEAR: request({
    id: 0x41,
    reply: 'OK',
    errors: ['BUSY'],
    doc: 'Removes a probe, or all. No harm if there is none. BUSY in a lockstep run.',
    fields: [u16('probe', 'number of the probe; 65535: all')],
  }),
  PROBE_DATA: stream({
    id: 0xc0,
    doc: 'One sample, or a part of it: a sample that does not fit a frame comes in several, `first` rising, before any other record of the same probe. Variables of 16 bits fill `values16`, the others `values32`.',
    fields: [
      u16('probe', 'number of the probe'),
      u32('tick', 'tick that has just run'),
      u32('first', 'place of the first value in the sample; 0: a sample begins'),
      list('values16', 'i16', 'u16', 'values of W or T'),
      list('values32', 'i32', 'u16', 'values of any other variable'),
    ],
  }),
} as const;
