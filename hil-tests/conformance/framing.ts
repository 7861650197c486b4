import { crc32 } from '@foxglove/crc';
import { encodeMessage } from '../../firmware-protocol/codec/message.js';
import { type Field, type NumberType, numberBytes } from '../../firmware-protocol/declaration/field.js';
import { frameLimits } from '../../firmware-protocol/declaration/frame.js';
import { messageName, messageNames, messages } from '../../firmware-protocol/declaration/messages.js';
import { transferKinds } from '../../firmware-protocol/declaration/upload.js';
import { cobsEncode, cobsMaxLength } from '../../firmware-protocol/framing/cobs.js';
import { encodeFrame } from '../../firmware-protocol/framing/frame.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { answerName, type BareHost } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import type { HilCase } from '../framework/suite.js';
import { loadedHost } from './loaded.js';

/** Bytes between two delimiters, whatever they are. */
function framed(plain: Uint8Array): Uint8Array {
  const wire = new Uint8Array(cobsMaxLength(plain.length) + 1);
  return wire.subarray(0, cobsEncode(plain, wire, 0) + 1);
}

/** A sound frame but for its checksum. */
function wrongCrc(): Uint8Array {
  const plain = Uint8Array.of(messages.PING.id, 0, 9, 0, 0, 0, 0, 0);
  new DataView(plain.buffer).setUint32(4, crc32(plain.subarray(0, 4)) ^ 1, true);
  return framed(plain);
}

const garbage = {
  discardedCrc: wrongCrc,
  discardedCobs: () => Uint8Array.of(9, 1, 1, 1, 0),
  discardedShort: () => framed(Uint8Array.of(3, 0, 1)),
};

async function discarded(host: BareHost) {
  const { discardedCrc, discardedCobs, discardedShort, discardedLong } = await host.expectReply(
    'STATISTICS_READ',
    {},
    'STATISTICS',
  );
  return { discardedCrc, discardedCobs, discardedShort, discardedLong };
}

/** docs/wire.md: Frames. */
/** At a pace a serial line has by itself: without flow control a board loses what its receive buffer cannot take. */
async function sendSlowly(host: BareHost, bytes: Uint8Array): Promise<void> {
  const piece = 512;
  for (let at = 0; at < bytes.length; at += piece) {
    await host.send(bytes.subarray(at, at + piece));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const framingCases: readonly HilCase[] = [
  {
    name: 'garbage of each kind is counted by reason and never answered',
    async run(context) {
      const host = await context.host();
      await host.ok('STATISTICS_CLEAR', {});
      const before = await discarded(host);
      const expected: Record<string, number> = { ...before };
      await host.settle();
      let times = 2;
      for (const [reason, make] of Object.entries(garbage)) {
        expected[reason]! += times;
        for (let n = 0; n < times; n++) await host.send(make());
        times++;
      }
      const tooLong = new Uint8Array(host.hello.maxPayload + 1 + 8).fill(1);
      new DataView(tooLong.buffer).setUint32(
        tooLong.length - 4,
        crc32(tooLong.subarray(0, tooLong.length - 4)),
        true,
      );
      await host.send(framed(tooLong));
      const endless = new Uint8Array(4 * frameLimits.largestMaxPayload).fill(7);
      await sendSlowly(host, Uint8Array.of(...endless, 0));
      expected['discardedLong']! += 2;
      // Until the board has read it all: without flow control what comes meanwhile may find its receive buffer full.
      await new Promise((resolve) => setTimeout(resolve, 500));
      await host.send(new Uint8Array(5));
      same((await host.settle()).length, 0, 'answers to garbage');
      same(await discarded(host), expected, 'discarded frames by reason');
    },
  },
  {
    name: 'frames may come byte by byte, and several at once',
    async run(context) {
      const host = await context.host();
      const [one, two] = [1, 2].map((sequence) => encodeMessage('PING', {}, { sequence }));
      host.told = [];
      const answer = host.waitFor(({ sequence }) => sequence === 1, 'an answer to PING', 5000);
      for (const byte of one!) await host.send(Uint8Array.of(byte));
      same(answerName(await answer), 'OK', 'answer to a frame that came byte by byte');
      const three = encodeMessage('PING', {}, { sequence: 3, chained: true });
      const both = Uint8Array.of(0, 0, ...two!, 0, ...three);
      same(answerName(await host.exchange(both, 3, 'PING')), 'OK', 'answer to the last of two');
    },
  },
  {
    name: 'a request may have maxPayload bytes, and no reply has more',
    async run(context) {
      const { host } = await loadedHost(context);
      for (const offer of [frameLimits.smallestMaxPayload, frameLimits.largestMaxPayload]) {
        await host.sayHello({ maxPayload: offer });
        const { maxPayload } = host.hello;
        const total = 3 * frameLimits.largestMaxPayload;
        const begin = { kind: transferKinds.value.IMAGE, total, crc: 1, hash: 0xffff_fff0 - offer };
        const ready = await host.ask('UPLOAD_BEGIN', begin);
        if (ready.name === 'UPLOAD_READY') {
          await host.ok('UPLOAD_DATA', { offset: 0, data: new Uint8Array(maxPayload - 6) });
          await host.ok('UPLOAD_CANCEL', {});
        } else same(answerName(ready), 'TOO_LARGE', 'answer to an upload of 12 kB');
      }
      const { host: small } = await loadedHost(context);
      await small.sayHello({ maxPayload: frameLimits.smallestMaxPayload });
      const read = { core: 0, variable: 32, first: 0, count: 200 };
      const told = await small.ask('STATE_READ', read);
      same(told.name, 'STATE_DATA', 'answer to STATE_READ');
      check(told.bytes <= small.hello.maxPayload, 'a reply is larger than agreed', { bytes: told.bytes });
    },
  },
  {
    name: 'damaged and random frames: the board still answers',
    seconds: 300,
    async run(context) {
      const { frames, seed } = context.options;
      const draws = drawsOf(seed);
      const { host } = await loadedHost(context);
      const batch = 25;
      for (let done = 0; done < frames; done += batch) {
        let next = 1;
        for (let n = 0; n < Math.min(batch, frames - done); n++) {
          const { bytes, sound } = randomFrame(draws, next);
          if (sound) next++;
          await host.send(bytes);
        }
        await host.send(Uint8Array.of(0));
        const reply = await host.sayHello({ session: draws.integer(1, 0xffff_fffe) });
        same(reply.name, 'HELLO_REPLY', 'answer to HELLO after damaged frames');
        await host.ok('PING', {});
        await host.ok('STOP', {});
        context.progress(done / frames, `${done} frames`);
      }
      context.measure('damaged frames', frames, 'frames');
      // What the nonsense may have begun: an upload, a run, a download.
      await host.ok('STOP', {});
      await host.ok('UPLOAD_CANCEL', {});
      await host.ok('DOWNLOAD_END', {});
    },
  },
];

type Draws = ReturnType<typeof drawsOf>;

/** Never sent by chance: they restart the board or wear out its memory. */
const spared: readonly string[] = ['HELLO', 'REBOOT', 'STATE_SAVE', 'STATE_FORGET'];
const nonsense = Array.from({ length: 256 }, (_, type) => type).filter(
  (type) => !spared.includes(messageName(type) ?? ''),
);
const requestTypes = messageNames
  .filter((name) => messages[name].role === 'request' && !spared.includes(name))
  .map((name) => messages[name].id);

/** Bytes, a damaged frame, or a sound frame with nonsense in it that takes the next sequence number. */
function randomFrame(draws: Draws, next: number): { bytes: Uint8Array; sound: boolean } {
  const oneOf = <T>(choices: readonly T[]) => choices[draws.integer(0, choices.length - 1)]!;
  const random = (length: number) => Uint8Array.from({ length }, () => draws.integer(0, 255));
  if (draws.uniform() < 0.3)
    return { bytes: Uint8Array.of(...random(draws.integer(0, 200)), 0), sound: false };
  const type = draws.uniform() < 0.8 ? oneOf(requestTypes) : oneOf(nonsense);
  const length = draws.uniform() < 0.7 ? numbersOf(type) : draws.integer(0, 120);
  const inLine = draws.uniform() < 0.8;
  const sequence = inLine ? next & 0xffff : draws.integer(0, 0xffff);
  const frame = encodeFrame({ type, flags: draws.integer(0, 3), sequence, payload: random(length) });
  if (draws.uniform() < 0.6) return { bytes: frame, sound: inLine };
  const damaged = frame.slice();
  const at = draws.integer(0, damaged.length - 2);
  damaged[at] = damaged[at]! ^ (1 << draws.integer(0, 7)) || 0x55;
  return { bytes: damaged, sound: false };
}

/** Bytes of the numbers that the payload of a message begins with: with so many, many a request is well formed. */
function numbersOf(type: number): number {
  const name = messageName(type);
  const fields: readonly Field[] = name === undefined ? [] : messages[name].fields;
  return fields.reduce(
    (sum, { type: kind }) => sum + (kind in numberBytes ? numberBytes[kind as NumberType] : 0),
    0,
  );
}
