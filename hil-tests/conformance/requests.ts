import { encodeMessage } from '../../firmware-protocol/codec/message.js';
import { messageName, messages } from '../../firmware-protocol/declaration/messages.js';
import { transferKinds } from '../../firmware-protocol/declaration/upload.js';
import { encodeFrame } from '../../firmware-protocol/framing/frame.js';
import { answerName, type BareHost, describeTold } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import { type HilCase, NotApplicable } from '../framework/suite.js';

const noPayload = new Uint8Array(0);
const ping = (sequence: number, chained: boolean) => encodeMessage('PING', {}, { sequence, chained });
/** A request no board knows: it is refused, whatever state the board is in. */
const unknown = (sequence: number, chained: boolean) =>
  encodeFrame({ type: unknownTypes()[0]!, flags: chained ? 1 : 0, sequence, payload: noPayload });

function unknownTypes(): number[] {
  return Array.from({ length: 127 }, (_, n) => n + 1).filter((type) => messageName(type) === undefined);
}

async function pings(host: BareHost, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await host.ok('PING', {});
}

/** docs/wire.md: Requests and replies. */
export const requestCases: readonly HilCase[] = [
  {
    name: 'a repeated request is answered again and not done again',
    async run(context) {
      const host = await context.host();
      const begin = { kind: transferKinds.value.IMAGE, total: 8, crc: 0x1234_5678, hash: 0x7654_3210 };
      await host.expectReply('UPLOAD_BEGIN', begin, 'UPLOAD_READY');
      const data = { offset: 0, data: new Uint8Array(4) };
      await host.ok('UPLOAD_DATA', data);
      const { sequence } = host;
      for (let n = 0; n < 3; n++)
        same(answerName(await host.ask('UPLOAD_DATA', data, { sequence })), 'OK', 'answer to the repetition');
      same((await host.expectReply('UPLOAD_BEGIN', begin, 'UPLOAD_READY')).offset, 4, 'bytes received');
      same(
        (await host.ask('UPLOAD_BEGIN', begin, { sequence: host.sequence })).name,
        'UPLOAD_READY',
        'repeated',
      );
      same(await host.refused('UPLOAD_DATA', data, 'WRONG_OFFSET'), 4, 'detail of WRONG_OFFSET');
      const again = await host.ask('UPLOAD_DATA', data, { sequence: host.sequence });
      same(answerName(again), 'WRONG_OFFSET', 'a repeated refusal');
      same(again.name === 'ERROR' && again.fields.detail, 4, 'detail of the repeated refusal');
      await host.ok('UPLOAD_CANCEL', {});
    },
  },
  {
    name: 'a gap is told once, and again after the missing request has come',
    async run(context) {
      const host = await context.host();
      await pings(host, 3);
      const gap = await host.ask('PING', {}, { sequence: 6 });
      same(answerName(gap), 'SEQUENCE_GAP', 'answer to a request too early');
      same(gap.name === 'ERROR' && gap.fields.detail, 4, 'sequence expected');
      host.told = [];
      for (const early of [6, 7, 20]) await host.send(ping(early, false));
      await host.ask('PING', {}, { sequence: 4 });
      same(
        host.told.map(({ sequence }) => sequence),
        [4],
        'answers until the missing request came',
      );
      const next = await host.ask('PING', {}, { sequence: 9 });
      same(answerName(next), 'SEQUENCE_GAP', 'answer to the next gap');
      for (const sequence of [5, 6, 7])
        same(answerName(await host.ask('PING', {}, { sequence })), 'OK', `request ${sequence}`);
    },
  },
  {
    name: 'the last windowRequests answers are kept, older ones FORGOTTEN',
    async run(context) {
      const host = await context.host();
      const window = host.hello.windowRequests;
      await pings(host, window + 3);
      const last = window + 3;
      const oldest = await host.ask('PING', {}, { sequence: last - (window - 1) });
      same(answerName(oldest), 'OK', 'answer to the oldest request that must be remembered');
      const forgotten = await host.ask('PING', {}, { sequence: 3 });
      same(answerName(forgotten), 'FORGOTTEN', 'answer to one older than that');
      same(forgotten.name === 'ERROR' && forgotten.fields.detail, last, 'detail of FORGOTTEN');
    },
  },
  {
    name: 'chained requests are skipped behind one that failed',
    async run(context) {
      const host = await context.host();
      same(answerName(await host.askRaw(unknownTypes()[0]!, noPayload)), 'UNKNOWN_MESSAGE', 'an unknown one');
      for (let n = 0; n < 3; n++)
        same(answerName(await host.ask('PING', {}, { chained: true })), 'SKIPPED', 'chained to it');
      same(answerName(await host.ask('PING', {})), 'OK', 'an unchained one');
      same(answerName(await host.ask('PING', {}, { chained: true })), 'OK', 'chained to one that was done');
    },
  },
  {
    name: 'a burst is answered in order, cumulatively, and up to its end',
    async run(context) {
      const host = await context.host();
      const window = host.hello.windowRequests;
      host.told = [];
      const burst = Array.from({ length: window }, (_, n) => [...ping(n + 1, n > 0)]);
      await host.exchange(Uint8Array.from(burst.flat()), window, 'the burst');
      const oks = host.told.map(({ name, sequence }) => [name, sequence] as const);
      check(
        oks.every(([name, sequence], n) => name === 'OK' && sequence > (oks[n - 1]?.[1] ?? 0)),
        'the answers to a burst are not rising OKs',
        { found: oks },
      );
    },
  },
  {
    name: 'a refusal inside a burst is told, and OK for what stood before it first',
    async run(context) {
      const host = await context.host();
      if (host.hello.windowRequests < 5) throw new NotApplicable('fewer than 5 requests may be in flight');
      host.told = [];
      const burst = [ping(1, false), ping(2, true), unknown(3, true), ping(4, true), ping(5, true)];
      await host.exchange(Uint8Array.from(burst.flatMap((bytes) => [...bytes])), 5, 'the burst');
      const found = host.told.map((told) => `${told.sequence} ${answerName(told)}`);
      const rest = ['3 UNKNOWN_MESSAGE', '4 SKIPPED', '5 SKIPPED'];
      const allowed = [
        ['2 OK', ...rest],
        ['1 OK', '2 OK', ...rest],
      ];
      check(
        allowed.some((one) => one.join() === found.join()),
        'the answers to the burst',
        {
          expected: allowed[0],
          found,
        },
      );
    },
  },
  {
    name: 'sequence numbers wrap',
    seconds: 240,
    async run(context) {
      if (context.device.emulated)
        throw new NotApplicable('65,536 requests would take an emulated chip too long');
      const host = await context.host();
      const window = host.hello.windowRequests;
      const total = 0x1_0000 + 40;
      for (let done = 0; done < total; done += window) {
        host.told = [];
        const burst = Array.from({ length: Math.min(window, total - done) }, (_, n) => [
          ...ping((done + n + 1) & 0xffff, n > 0),
        ]);
        const last = (done + burst.length) & 0xffff;
        const told = await host.exchange(Uint8Array.from(burst.flat()), last, 'PING');
        check(told.name === 'OK', 'a request near the wrap was refused', { found: describeTold(told) });
        context.progress(done / total, `${done} requests`);
      }
    },
  },
  {
    name: 'unknown messages are refused, unknown flags ignored',
    async run(context) {
      const host = await context.host();
      for (const type of unknownTypes()) {
        const told = await host.askRaw(type, noPayload);
        same(answerName(told), 'UNKNOWN_MESSAGE', `answer to message ${type}`);
        same(told.name === 'ERROR' && told.fields.detail, type, 'detail of UNKNOWN_MESSAGE');
      }
      host.sequence++;
      const flagged = encodeFrame({
        type: messages.PING.id,
        flags: 0xfc,
        sequence: host.sequence,
        payload: noPayload,
      });
      same(answerName(await host.exchange(flagged, host.sequence, 'PING')), 'OK', 'PING with unknown flags');
    },
  },
];
