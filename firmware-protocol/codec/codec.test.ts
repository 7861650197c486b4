import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEngramError } from '../../src/errors/engram-error.js';
import { frameFlags } from '../declaration/frame.js';
import { type MessageName, messageNames, messages } from '../declaration/messages.js';
import { FrameParser } from '../framing/parser.js';
import { arbitraryFields, plain } from '../testing/arbitrary.js';
import { fromHex, toHex } from '../testing/hex.js';
import { createDecoder } from './decode.js';
import { encodePayload } from './encode.js';
import { encodeMessage } from './message.js';
import type { MessageInput } from './values.js';

const decoder = createDecoder();
const encode = (name: MessageName, fields: unknown) =>
  encodePayload(name, fields as MessageInput<typeof name>);
const decode = (name: MessageName, payload: Uint8Array) =>
  decoder.decode({ type: messages[name].id, payload });

describe('payloads spelt out by hand', () => {
  test('RUN_LOCKSTEP', () => {
    const payload = encodePayload('RUN_LOCKSTEP', {
      ticks: 1000,
      hashEvery: 1,
      progressEvery: 0,
      options: 1,
    });
    expect(toHex(payload)).toBe('e803000001000000' + '00000000' + '01');
  });

  test('ERROR', () => {
    const payload = encodePayload('ERROR', { code: 50, detail: 0x01020304, text: 'µ' });
    expect(toHex(payload)).toBe('3200' + '04030201' + '02c2b5');
  });

  test('SPIKES_OUT with narrow and wide units', () => {
    const groups = [{ tickOffset: 2, narrow: [1, 0xffff], wide: [0x10000] }];
    const payload = encodePayload('SPIKES_OUT', { baseTick: 7, groups });
    expect(toHex(payload)).toBe('07000000' + '0100' + '0200' + '020100ffff' + '0100000100');
  });

  test('STATE_WRITE with negative values', () => {
    const fields = { core: 1, variable: 32, first: 3, values16: [-1, -32768], values32: [] };
    expect(toHex(encodePayload('STATE_WRITE', fields))).toBe(
      '0100' + '20' + '03000000' + '0200ffff0080' + '0000',
    );
  });
});

describe.each(messageNames)('%s', (name) => {
  const fields = arbitraryFields(messages[name].fields);

  test('decodes to what was encoded', () => {
    fc.assert(
      fc.property(fields, (values) => {
        expect(plain(decode(name, encode(name, values)))).toEqual({ name, fields: plain(values) });
      }),
      { numRuns: 60 },
    );
  });

  test('is refused when cut anywhere or followed by more', () => {
    fc.assert(
      fc.property(fields, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 5 }), (values, cut, more) => {
        const payload = encode(name, values);
        const refused = { name: 'MALFORMED', error: 'BAD_LENGTH' };
        expect(decode(name, Uint8Array.from([...payload, ...more]))).toMatchObject(refused);
        if (payload.length === 0) return;
        expect(decode(name, payload.subarray(0, cut % payload.length))).toMatchObject(refused);
      }),
      { numRuns: 40 },
    );
  });

  test('any bytes give a message that encodes to the same bytes, or a finding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (payload) => {
        const result = decode(name, payload);
        if (result.name === 'MALFORMED' || JSON.stringify(result).includes('\ufffd')) return;
        expect(toHex(encode(result.name, result.fields))).toBe(toHex(payload));
      }),
      { numRuns: 60 },
    );
  });
});

describe('bounds', () => {
  test('a value outside its bounds is refused by the decoder, with field, value and bounds', () => {
    const runNothing = fromHex('00000000 00000000 00000000 00');
    expect(decode('RUN_LOCKSTEP', runNothing)).toMatchObject({
      name: 'MALFORMED',
      error: 'BAD_VALUE',
      text: 'A field is outside its range. RUN_LOCKSTEP.ticks is 0; allowed: 1 … 4294967295.',
    });
    const longText = Uint8Array.from([1, 0, 0, 0, 0, 0, 121, ...new Uint8Array(121)]);
    expect(decode('ERROR', longText)).toMatchObject({ error: 'BAD_VALUE' });
  });

  test.each([
    [
      'too large',
      () => encodePayload('SPIKES_SELECT', { population: 65536, on: 1 }),
      'SPIKES_SELECT.population = 65536',
    ],
    [
      'above its own maximum',
      () => encodePayload('SPIKES_SELECT', { population: 0, on: 2 }),
      'SPIKES_SELECT.on = 2',
    ],
    ['not whole', () => encodePayload('UPLOAD_READY', { offset: 0.5 }), 'UPLOAD_READY.offset = 0.5'],
    ['missing', () => encode('UPLOAD_READY', {}), 'UPLOAD_READY.offset = undefined'],
    [
      'in a record',
      () => encodePayload('REWARD', { events: [{ tick: -1, channel: 0, value: 0 }] }),
      'REWARD.events[0].tick = -1',
    ],
    [
      'too long a text',
      () => encodePayload('LOG', { level: 0, tick: 0, text: 'µ'.repeat(81) }),
      'length of LOG.text in bytes = 162',
    ],
    [
      'too long a list',
      () =>
        encodePayload('SPIKES_IN', {
          baseTick: 0,
          groups: [{ tickOffset: 0, narrow: Array(256).fill(1), wide: [] }],
        }),
      'number of SPIKES_IN.groups[0].narrow = 256',
    ],
    [
      'too large a payload',
      () => encodePayload('UPLOAD_DATA', { offset: 0, data: new Uint8Array(4091) }),
      '4097 bytes',
    ],
  ])('a value that is %s is refused by the encoder', (_what, make, message) => {
    let caught: unknown;
    try {
      make();
    } catch (error) {
      caught = error;
    }
    expect(isEngramError(caught, 'E0704')).toBe(true);
    expect(String(caught)).toContain(message);
  });

  test('an unknown type is a finding', () => {
    const result = decoder.decode({ type: 0x7f, payload: new Uint8Array(0) });
    expect(result).toMatchObject({ name: 'MALFORMED', id: 0x7f, error: 'UNKNOWN_MESSAGE' });
  });
});

test('encodeMessage sets type, flags and sequence', () => {
  const wire = encodeMessage('PING', {}, { sequence: 0xfffe, chained: true, repeated: true });
  expect(new FrameParser().push(wire)).toMatchObject([
    { type: messages.PING.id, flags: frameFlags.value.CHAINED | frameFlags.value.REPEATED, sequence: 0xfffe },
  ]);
});

test('encodeMessage keeps to the payload agreed on', () => {
  const data = new Uint8Array(1019);
  expect(() => encodeMessage('UPLOAD_DATA', { offset: 0, data }, { sequence: 1, maxPayload: 1024 })).toThrow(
    '1025',
  );
});
