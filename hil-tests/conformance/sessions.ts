import { encodeMessage } from '../../firmware-protocol/codec/message.js';
import { wireErrorName } from '../../firmware-protocol/declaration/errors.js';
import { frameLimits, protocolVersion } from '../../firmware-protocol/declaration/frame.js';
import { messages } from '../../firmware-protocol/declaration/messages.js';
import { helloFlags, helloReplyFlags, rebootModes } from '../../firmware-protocol/declaration/session.js';
import { encodeFrame } from '../../firmware-protocol/framing/frame.js';
import { isEngramError } from '../../src/errors/engram-error.js';
import { answerName, BareHost, describeTold, type Told } from '../framework/bare-host.js';
import { check, fail, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { endStuckRun, loadedHost, runFields, spikesAt, startStuckRun, stateHash } from './loaded.js';

const { smallestMaxPayload, largestMaxPayload } = frameLimits;

function replyFields(told: Told) {
  if (told.name !== 'HELLO_REPLY') fail('HELLO was refused', { found: describeTold(told) });
  return told.fields;
}

/** docs/wire.md: Versions, Sessions. */
export const sessionCases: readonly HilCase[] = [
  {
    name: 'HELLO agrees on the smaller maxPayload',
    async run(context) {
      const host = await context.host();
      const own = replyFields(await host.sayHello({ maxPayload: largestMaxPayload })).maxPayload;
      check(own >= smallestMaxPayload && own <= largestMaxPayload, 'maxPayload is out of range', { own });
      for (const offer of [smallestMaxPayload, 300, 1024, own]) {
        const { maxPayload } = replyFields(await host.sayHello({ maxPayload: offer }));
        same(maxPayload, Math.min(offer, own), `maxPayload for an offer of ${offer}`);
      }
    },
  },
  {
    name: 'HELLO_REPLY states sound limits',
    async run(context) {
      const { hello } = await context.host();
      same(hello.major, protocolVersion.major, 'major version');
      check(hello.windowRequests >= 1, 'windowRequests is 0');
      check(hello.windowBytes >= hello.maxPayload + 8, 'windowBytes does not hold a frame', {
        windowBytes: hello.windowBytes,
      });
      same(hello.lastRequest, 0, 'lastRequest of a new session');
      same([hello.oldestStream, hello.nextStream], [0, 0], 'stream of a new session');
      check(hello.serial.length > 0, 'the serial number is empty');
      same(hello.serial, context.facts.hello.serial, 'serial number, asked again');
    },
  },
  {
    name: 'another major version is refused with both versions named',
    async run(context) {
      const host = await context.host();
      const told = await host.sayHello({ major: protocolVersion.major + 1, minor: 7 });
      same(answerName(told), 'VERSION', 'answer to another major version');
      const { major, minor } = context.facts.hello;
      const detail = (((protocolVersion.major + 1) << 24) | (7 << 16) | (major << 8) | minor) >>> 0;
      same(told.name === 'ERROR' && told.fields.detail, detail, 'detail of VERSION');
      replyFields(await host.sayHello());
    },
  },
  {
    name: 'a higher minor version is taken',
    async run(context) {
      const host = await context.host();
      const reply = replyFields(await host.sayHello({ minor: 99 }));
      same(reply.major, protocolVersion.major, 'major version');
      await host.ok('PING', {});
    },
  },
  {
    name: 'a malformed HELLO is an error and is no session',
    async run(context) {
      const host = await context.host();
      const { id } = messages.HELLO;
      const short = encodeFrame({ type: id, flags: 0, sequence: 0, payload: Uint8Array.of(1, 0, 0) });
      const told = await host.exchange(short, 0, 'HELLO');
      same(answerName(told), 'BAD_LENGTH', 'answer to a short HELLO');
      replyFields(await host.sayHello());
    },
  },
  {
    name: 'before HELLO every request is NO_SESSION',
    seconds: 120,
    async run(context) {
      const host = await context.host();
      await host.ok('REBOOT', { mode: rebootModes.value.APPLICATION });
      await context.closeAll();
      same(await firstAnswer(context), 'NO_SESSION', 'answer to PING after a restart');
      await context.awaitBoard();
    },
  },
  {
    name: 'RESUME goes on with the session it names, and opens a new one for any other',
    async run(context) {
      const host = await context.host();
      await host.ok('PING', {});
      await host.ok('PING', {});
      const { session } = host;
      const again = new BareHost(await context.connect(), context.device.patience);
      again.session = session;
      const resumed = replyFields(await again.sayHello({ flags: helloFlags.value.RESUME }));
      check((resumed.flags & helloReplyFlags.value.RESUMED) !== 0, 'the session was not resumed');
      same(resumed.lastRequest, 2, 'lastRequest of the resumed session');
      same((await again.ask('PING', {}, { sequence: 2 })).name, 'OK', 'a request done before, sent again');
      same((await again.ask('PING', {}, { sequence: 3 })).name, 'OK', 'the next request');
      again.session = session === 1 ? 2 : session - 1;
      const other = replyFields(await again.sayHello({ flags: helloFlags.value.RESUME }));
      same(other.flags & helloReplyFlags.value.RESUMED, 0, 'flag RESUMED for a session it does not hold');
      same([other.lastRequest, other.nextStream], [0, 0], 'numbers of the new session');
    },
  },
  {
    name: 'a session is not resumed with frames smaller than those that are kept',
    async run(context) {
      const host = await context.host();
      const { maxPayload } = host.hello;
      await host.ok('PING', {});
      const { RESUME } = helloFlags.value;
      const smaller = replyFields(await host.sayHello({ maxPayload: smallestMaxPayload, flags: RESUME }));
      const goesOn = maxPayload === smallestMaxPayload;
      const { RESUMED } = helloReplyFlags.value;
      same(smaller.flags & RESUMED, goesOn ? RESUMED : 0, 'flag RESUMED with smaller frames');
      same(smaller.lastRequest, goesOn ? 1 : 0, 'lastRequest with smaller frames');
      const larger = replyFields(await host.sayHello({ maxPayload, flags: RESUME }));
      same(larger.flags & RESUMED, RESUMED, 'flag RESUMED with larger frames');
    },
  },
  {
    name: 'HELLO without RESUME opens a new session, also with the old number',
    async run(context) {
      const host = await context.host();
      for (let n = 0; n < 5; n++) await host.ok('PING', {});
      const reply = replyFields(await host.sayHello());
      same([reply.flags & helloReplyFlags.value.RESUMED, reply.lastRequest], [0, 0], 'flags, lastRequest');
      same((await host.ask('PING', {}, { sequence: 1 })).name, 'OK', 'request 1 of the new session');
    },
  },
  {
    name: 'a new session leaves image, state and queued input alone',
    async run(context) {
      const { host, image } = await loadedHost(context);
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 10 });
      await host.runOutput();
      await host.ok(
        'SPIKES_IN',
        spikesAt([
          [15, 0],
          [16, 1],
        ]),
      );
      const hash = await stateHash(host);
      const { inputFree } = await host.ok('PING', {});
      const reply = replyFields(await host.sayHello({ session: (host.session ^ 1) >>> 0 || 1 }));
      same([reply.imageHash, reply.tick], [image.contentHash, 10], 'image and tick of the new session');
      same(await stateHash(host), hash, 'state hash');
      same((await host.ok('PING', {})).inputFree, inputFree, 'free places of the input queue');
    },
  },
  {
    name: 'a run goes on beside a new session, which hears of it',
    async run(context) {
      const { host } = await loadedHost(context);
      await startStuckRun(host);
      const reply = replyFields(await host.sayHello({ streamWindow: 0 }));
      check((reply.flags & helloReplyFlags.value.RUNNING) !== 0, 'HELLO_REPLY does not say RUNNING');
      const { ticksRun, tick } = await endStuckRun(host);
      same(ticksRun, tick, 'ticks run, from tick 0 on');
      const after = replyFields(await host.sayHello());
      same(after.flags & helloReplyFlags.value.RUNNING, 0, 'flag RUNNING after the run');
      same(after.tick, tick, 'tick after the run');
    },
  },
];

/** What a board that has just restarted answers to PING. */
async function firstAnswer(context: CaseContext): Promise<string | number> {
  const end = performance.now() + 20_000 * context.device.patience;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    try {
      const host = new BareHost(await context.connect(), context.device.patience);
      const isAnswer = ({ name }: Told) => name === 'ERROR' || name === 'OK';
      const answer = host.waitFor(isAnswer, 'an answer to PING', 500);
      answer.catch(() => {});
      await host.send(Uint8Array.of(0, ...encodeMessage('PING', {}, { sequence: 1 })));
      const told = await answer;
      return told.name === 'ERROR' ? (wireErrorName(told.fields.code) ?? told.fields.code) : told.name;
    } catch (error) {
      context.signal.throwIfAborted();
      if (!isEngramError(error) || performance.now() > end) throw error;
    }
  }
}
