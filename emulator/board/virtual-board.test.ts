import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecoder } from '../../firmware-protocol/codec/decode.js';
import { encodeMessage } from '../../firmware-protocol/codec/message.js';
import type { Message, MessageInput } from '../../firmware-protocol/codec/values.js';
import { wireErrorName } from '../../firmware-protocol/declaration/errors.js';
import { type MessageName, messageNames, messages } from '../../firmware-protocol/declaration/messages.js';
import { capabilities, helloFlags, helloReplyFlags } from '../../firmware-protocol/declaration/session.js';
import { transferKinds } from '../../firmware-protocol/declaration/upload.js';
import { encodeFrame } from '../../firmware-protocol/framing/frame.js';
import { FrameParser } from '../../firmware-protocol/framing/parser.js';
import { crc32 } from '../../src/image/checksum.js';
import { smallImage } from '../../src/image/small-image.testing.js';
import { writeImage } from '../../src/image/write.js';
import { VirtualBoard } from './virtual-board.js';

/** The board as bytes: what a host would see that knows nothing of engram's own host library. */

type Told = Message & { sequence: number };

function bareHost(options: Partial<ConstructorParameters<typeof VirtualBoard>[0]> = {}) {
  const board = new VirtualBoard({ target: { id: 1, name: 'pico' }, ...options });
  const parser = new FrameParser();
  const decoder = createDecoder();
  const told: Told[] = [];
  const connection = board.connect((bytes) => {
    for (const event of parser.push(bytes)) {
      if (event.kind !== 'frame') throw new Error('the board sent garbage');
      const message = decoder.decode(event);
      if (message.name === 'MALFORMED') throw new Error(`the board sent a malformed ${message.id}`);
      told.push({ ...message, sequence: event.sequence });
    }
  });
  const raw = (bytes: Uint8Array): Told[] => {
    told.length = 0;
    connection.receive(bytes);
    return [...told];
  };
  const ask = <N extends MessageName>(name: N, fields: MessageInput<N>, sequence: number, chained = false) =>
    raw(encodeMessage(name, fields, { sequence, chained }));
  const hello = (fields: Partial<MessageInput<'HELLO'>> = {}) =>
    ask(
      'HELLO',
      { major: 1, minor: 0, maxPayload: 256, session: 5, streamWindow: 4096, flags: 0, host: 't', ...fields },
      0,
    )[0]!;
  return { board, raw, ask, hello, told };
}

const errorOf = (message: Told | undefined) =>
  message?.name === 'ERROR' ? wireErrorName(message.fields.code) : message?.name;

describe('sessions', () => {
  test('HELLO says who the board is and what was agreed', () => {
    const reply = bareHost({ serial: 'abc' }).hello();
    expect(reply.name === 'HELLO_REPLY' && reply.fields).toMatchObject({
      major: 1,
      maxPayload: 256,
      session: 5,
      targetId: 1,
      target: 'pico',
      serial: 'abc',
      imageHash: 0,
      tick: 0,
      lastRequest: 0,
      nextStream: 0,
    });
  });

  test('another major version is refused with both versions named, and opens no session', () => {
    const { hello, ask } = bareHost();
    const reply = hello({ major: 2, minor: 7 });
    expect(errorOf(reply)).toBe('VERSION');
    expect(reply.name === 'ERROR' && reply.fields.detail).toBe(0x02070100);
    expect(errorOf(ask('PING', {}, 1)[0])).toBe('NO_SESSION');
  });

  test('without HELLO everything is answered NO_SESSION', () => {
    expect(errorOf(bareHost().ask('PING', {}, 1)[0])).toBe('NO_SESSION');
  });

  test('RESUME goes on with a session it holds, and opens a new one for any other', () => {
    const { hello, ask } = bareHost();
    hello();
    ask('PING', {}, 1);
    const resumed = hello({ flags: helloFlags.value.RESUME });
    expect(resumed.name === 'HELLO_REPLY' && resumed.fields).toMatchObject({
      flags: helloReplyFlags.value.RESUMED,
      lastRequest: 1,
    });
    const other = hello({ flags: helloFlags.value.RESUME, session: 6 });
    expect(other.name === 'HELLO_REPLY' && other.fields).toMatchObject({ flags: 0, lastRequest: 0 });
  });
});

describe('requests', () => {
  test('a repeated request is answered again but not done again', () => {
    const { hello, ask } = bareHost();
    hello();
    const begin = { kind: transferKinds.value.IMAGE, total: 8, crc: 1, hash: 2 };
    ask('UPLOAD_BEGIN', begin, 1);
    const data = { offset: 0, data: new Uint8Array(4) };
    expect(errorOf(ask('UPLOAD_DATA', data, 2)[0])).toBe('OK');
    expect(errorOf(ask('UPLOAD_DATA', data, 2)[0])).toBe('OK');
    const [ready] = ask('UPLOAD_BEGIN', begin, 3);
    expect(ready?.name === 'UPLOAD_READY' && ready.fields.offset).toBe(4);
    expect(errorOf(ask('UPLOAD_DATA', data, 4)[0])).toBe('WRONG_OFFSET');
    expect(errorOf(ask('UPLOAD_DATA', data, 4)[0])).toBe('WRONG_OFFSET');
  });

  test('a gap is told once; after the missing request it goes on', () => {
    const { hello, ask } = bareHost();
    hello();
    const [gap] = ask('PING', {}, 3);
    expect(gap?.name === 'ERROR' && [wireErrorName(gap.fields.code), gap.fields.detail]).toEqual([
      'SEQUENCE_GAP',
      1,
    ]);
    expect(ask('PING', {}, 4)).toEqual([]);
    expect([1, 2, 3].map((n) => errorOf(ask('PING', {}, n)[0]))).toEqual(['OK', 'OK', 'OK']);
  });

  test('a chained request is skipped behind one that failed, and so is the next', () => {
    const { hello, ask } = bareHost();
    hello();
    expect(errorOf(ask('STATE_HASH', {}, 1)[0])).toBe('NO_IMAGE');
    expect(errorOf(ask('PING', {}, 2, true)[0])).toBe('SKIPPED');
    expect(errorOf(ask('PING', {}, 3, true)[0])).toBe('SKIPPED');
    expect(errorOf(ask('PING', {}, 4)[0])).toBe('OK');
    expect(errorOf(ask('PING', {}, 5, true)[0])).toBe('OK');
  });

  test('sequence numbers wrap', () => {
    const { hello, ask } = bareHost();
    hello();
    let last: Told | undefined;
    for (let n = 1; n <= 0x10005; n++) [last] = ask('PING', {}, n & 0xffff);
    expect([last?.name, last?.sequence]).toEqual(['OK', 5]);
  });

  test('an old request that is no longer remembered is FORGOTTEN', () => {
    const { hello, ask } = bareHost();
    hello();
    for (let n = 1; n <= 100; n++) ask('PING', {}, n);
    expect(errorOf(ask('PING', {}, 2)[0])).toBe('FORGOTTEN');
  });

  test('messages it does not know, and payloads that do not fit, are errors', () => {
    const { hello, raw } = bareHost();
    hello();
    const frame = (type: number, payload: number[], sequence: number) =>
      raw(encodeFrame({ type, flags: 0, sequence, payload: Uint8Array.from(payload) }));
    expect(errorOf(frame(0x7f, [], 1)[0])).toBe('UNKNOWN_MESSAGE');
    expect(errorOf(frame(messages.PING.id, [1], 2)[0])).toBe('BAD_LENGTH');
    expect(errorOf(frame(messages.UPLOAD_BEGIN.id, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 3)[0])).toBe(
      'BAD_VALUE',
    );
    expect(errorOf(frame(messages.HELLO_REPLY.id, [], 4)[0])).toMatch(/UNKNOWN_MESSAGE|BAD_LENGTH/);
  });

  test('without an image, what needs one is NO_IMAGE; what the board cannot do, NOT_SUPPORTED', () => {
    const { hello, ask } = bareHost();
    const said = hello();
    const run = { ticks: 1, hashEvery: 0, progressEvery: 0, options: 0 };
    expect(errorOf(ask('RUN_LOCKSTEP', run, 1)[0])).toBe('NO_IMAGE');
    expect(errorOf(ask('SPIKES_IN', { baseTick: 0, groups: [] }, 2)[0])).toBe('NO_IMAGE');
    expect(errorOf(ask('RESET', {}, 3)[0])).toBe('NO_IMAGE');
    expect(errorOf(ask('STATE_SAVE', {}, 4)[0])).toBe('NOT_SUPPORTED');
    expect(errorOf(ask('REBOOT', { mode: 1 }, 5)[0])).toBe('NOT_SUPPORTED');
    const can = said.name === 'HELLO_REPLY' ? said.fields.capabilities : 0;
    expect(can & (capabilities.value.NONVOLATILE | capabilities.value.BOOTLOADER)).toBe(0);
  });

  test('every request of the declaration is answered', () => {
    const { hello, raw } = bareHost();
    hello();
    let sequence = 0;
    for (const name of messageNames) {
      if (messages[name].role !== 'request' || name === 'HELLO') continue;
      sequence++;
      const frame = { type: messages[name].id, flags: 0, sequence, payload: new Uint8Array(0) };
      const answers = raw(encodeFrame(frame));
      expect(answers.length, name).toBe(1);
      expect(answers[0]!.sequence, name).toBe(sequence);
      expect(errorOf(answers[0]), name).not.toBe('UNKNOWN_MESSAGE');
    }
  });
});

describe('garbage', () => {
  test('is counted by reason and never answered; what follows is understood', () => {
    const { hello, raw, ask } = bareHost();
    hello();
    const good = encodeMessage('PING', {}, { sequence: 1 });
    const damaged = good.slice();
    damaged[1]! ^= 0x40;
    expect(raw(damaged)).toEqual([]);
    expect(raw(Uint8Array.of(1, 1, 0))).toEqual([]);
    expect(raw(Uint8Array.of(...new Array(2000).fill(7), 0))).toEqual([]);
    expect(errorOf(raw(good)[0])).toBe('OK');
    const [statistics] = ask('STATISTICS_READ', {}, 2);
    const counted = statistics?.name === 'STATISTICS' ? statistics.fields : null;
    expect(
      counted!.discardedCrc + counted!.discardedCobs + counted!.discardedShort + counted!.discardedLong,
    ).toBe(3);
  });

  test('random bytes never break it', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), (chunks) => {
        const { hello, raw } = bareHost();
        hello();
        for (const chunk of chunks) raw(chunk);
        raw(Uint8Array.of(0));
        expect(errorOf(raw(encodeMessage('PING', {}, { sequence: 1 }))[0])).toBe('OK');
      }),
    );
  });

  test('well-framed nonsense never breaks it', () => {
    const frames = fc.array(
      fc.record({
        type: fc.oneof(fc.constantFrom(...messageNames.map((name) => messages[name].id)), fc.nat(255)),
        payload: fc.uint8Array({ maxLength: 60 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(frames, (all) => {
        const { hello, raw } = bareHost();
        hello();
        all.forEach(({ type, payload }, n) => {
          if (type !== messages.HELLO.id && type !== messages.REBOOT.id)
            raw(encodeFrame({ type, flags: 0, sequence: n + 1, payload }));
        });
        expect(hello({ session: 9 }).name).toBe('HELLO_REPLY');
      }),
    );
  });
});

describe('images', () => {
  function upload(host: ReturnType<typeof bareHost>, bytes: Uint8Array, crc = crc32(bytes)) {
    let sequence = 1;
    host.hello();
    host.ask(
      'UPLOAD_BEGIN',
      { kind: transferKinds.value.IMAGE, total: bytes.length, crc, hash: 1 },
      sequence++,
    );
    for (let offset = 0; offset < bytes.length; offset += 200)
      host.ask('UPLOAD_DATA', { offset, data: bytes.subarray(offset, offset + 200) }, sequence++);
    return host.ask('UPLOAD_COMMIT', {}, sequence)[0];
  }
  const bytes = writeImage(smallImage());
  const { targetId } = smallImage();

  test('a sound image is taken, one with another checksum, for another target or cut short is not', () => {
    const own = { target: { id: targetId, name: 'own' } };
    expect(errorOf(upload(bareHost(own), bytes))).toBe('OK');
    expect(errorOf(upload(bareHost(own), bytes, 1))).toBe('BAD_CRC');
    expect(errorOf(upload(bareHost({ target: { id: targetId + 1, name: 'x' } }), bytes))).toBe(
      'WRONG_TARGET',
    );
    expect(errorOf(upload(bareHost(own), bytes.slice(0, -4)))).toBe('FAILED_CHECK');
  });

  test('any flipped bit is refused, and nothing is loaded', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const damaged = bytes.slice();
        damaged[at]! ^= 1 << bit;
        const host = bareHost({ target: { id: targetId, name: 'own' } });
        expect(errorOf(upload(host, damaged))).toMatch(/FAILED_CHECK|WRONG_/);
        const again = host.hello();
        expect(again.name === 'HELLO_REPLY' && again.fields.imageHash).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
