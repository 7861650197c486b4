import { createDecoder } from '../../firmware-protocol/codec/decode.js';
import { encodePayload } from '../../firmware-protocol/codec/encode.js';
import { messageFrame } from '../../firmware-protocol/codec/message.js';
import type { Message, MessageFields, MessageInput } from '../../firmware-protocol/codec/values.js';
import { wireErrors } from '../../firmware-protocol/declaration/errors.js';
import { frameBytes } from '../../firmware-protocol/declaration/frame.js';
import { type MessageName, messageName, messages } from '../../firmware-protocol/declaration/messages.js';
import { helloFlags, helloReplyFlags } from '../../firmware-protocol/declaration/session.js';
import { checkPayload } from '../../firmware-protocol/framing/frame.js';
import { Outbox } from '../../firmware-protocol/framing/outbox.js';
import { FrameParser, type ReceivedFrame } from '../../firmware-protocol/framing/parser.js';
import { nextSequence, sequenceDistance } from '../../firmware-protocol/framing/sequence.js';
import { EngramError } from '../errors/engram-error.js';
import { sayHello } from './hello.js';
import { Relay } from './relay.js';
import type { Transport } from './transport.js';
import { aborted, boardRefused, connectionLost } from './wire-failure.js';

/** A request on its way. */
interface Entry {
  readonly name: MessageName;
  readonly payload: Uint8Array;
  /** Answered with data: travels alone. */
  readonly alone: boolean;
  readonly answerWithin: number;
  readonly resolve: (reply: Message) => void;
  readonly reject: (error: Error) => void;
  sequence: number;
  chained: boolean;
  deadline: number;
  tries: number;
}

export interface LinkHandlers {
  /** A stream frame, in order; call `release` when its bytes have been taken in. */
  stream(frame: ReceivedFrame, name: MessageName, release: () => void): void;
  /** The connection is gone; all requests have been rejected. Not called after `close`. */
  lost(error: EngramError): void;
}

/** Stream bytes the host takes before it has released them. */
const streamWindow = 1 << 18;
/** Added to a board's own time limits, for the way there and back. */
const travelMilliseconds = 500;
const silenceMilliseconds = 250;
const tries = 3;

type Hello = MessageFields<'HELLO_REPLY'>;

/** Requests and streams of one session (`docs/wire.md`): sequence numbers, windows, repeats, credit, resends. */
export class Link {
  hello: Hello;
  /** A run is on: silence on the stream is looked into. */
  watching = false;
  #transport: Transport;
  readonly #handlers: LinkHandlers;
  readonly #decoder = createDecoder();
  readonly #outbox = new Outbox((bytes) => void this.#transport.send(bytes));
  #flushing = false;
  #parser: FrameParser;
  #waiting: Entry[] = [];
  #inFlight: Entry[] = [];
  /** Not done because one before them failed; sent again, in order, when nothing is in flight. */
  #skipped: Entry[] = [];
  #sequence = 0;
  #expected = 0;
  #unreleased = 0;
  #sinceCredit = 0;
  /** Bytes between two CREDITs: half of what the window allows or the board can keep, whichever is less. */
  #creditStep = streamWindow / 2;
  #lastStream = 0;
  #resendAsked = false;
  #timer: ReturnType<typeof setInterval> | null = null;
  #failure: EngramError | null = null;

  private constructor(transport: Transport, hello: Hello, handlers: LinkHandlers) {
    this.#transport = transport;
    this.hello = hello;
    this.#handlers = handlers;
    this.#parser = new FrameParser(hello.maxPayload);
  }

  /** Opens a session. Throws E0702 (no answer), E0703 (other version) or E0701. */
  static async open(transport: Transport, handlers: LinkHandlers, signal?: AbortSignal): Promise<Link> {
    const session = 1 + Math.floor(Math.random() * 0xffff_fffe);
    const relay = new Relay(transport);
    const hello = await sayHello(relay, { session, streamWindow, flags: 0 }, signal);
    const link = new Link(transport, hello, handlers);
    relay.hand(
      (bytes) => link.#receive(bytes),
      (reason) => link.#closed(reason),
    );
    try {
      const { streamCapacity } = (await link.request('INFO', {})).fields as MessageFields<'INFO_REPLY'>;
      link.#creditStep = Math.min(streamWindow, streamCapacity) / 2;
    } catch (error) {
      await link.close();
      throw error;
    }
    return link;
  }

  /** Goes on with the same session over a new connection. Throws E0701 if the board no longer holds it. */
  async resume(transport: Transport, signal?: AbortSignal): Promise<void> {
    const relay = new Relay(transport);
    const flags = helloFlags.value.RESUME;
    const hello = await sayHello(relay, { session: this.hello.session, streamWindow, flags }, signal);
    if ((hello.flags & helloReplyFlags.value.RESUMED) === 0) {
      await transport.close();
      throw new EngramError(
        'E0701',
        'the board no longer holds the session: it has restarted, or another host took it',
        {
          facts: [
            [
              'lost',
              'the output of the interrupted run; the state on the board is what it was, unless it restarted',
            ],
          ],
          fix: ['connect anew'],
          context: { resumable: false },
        },
      );
    }
    this.#transport = transport;
    this.hello = hello;
    this.#parser = new FrameParser(hello.maxPayload);
    this.#failure = null;
    this.#sequence = hello.lastRequest;
    this.#lastStream = performance.now();
    relay.hand(
      (bytes) => this.#receive(bytes),
      (reason) => this.#closed(reason),
    );
    await this.#askAgain();
  }

  get maxPayload(): number {
    return this.hello.maxPayload;
  }

  /** A run was on when the session was opened or resumed. */
  get running(): boolean {
    return (this.hello.flags & helloReplyFlags.value.RUNNING) !== 0;
  }

  /** When the session was resumed, the board had stream frames that this host has not taken. */
  get streamLeft(): boolean {
    return sequenceDistance(this.hello.nextStream, this.#expected) > 0;
  }

  get where(): string {
    return this.#transport.info.name;
  }

  /** Sends a request and gives its reply: OK, or the data message. Rejects with E0701, E0702, E0704 … */
  request<N extends MessageName>(name: N, fields: MessageInput<N>, signal?: AbortSignal): Promise<Message> {
    return this.requestPayload(name, encodePayload(name, fields), signal);
  }

  /** Aborting (E0708) takes back a request that has not been sent; one under way may still be done. */
  requestPayload(name: MessageName, payload: Uint8Array, signal?: AbortSignal): Promise<Message> {
    const declared = messages[name];
    if (declared.role !== 'request') throw new Error(`${name} is no request`);
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      if (signal?.aborted) return reject(aborted(name));
      checkPayload(payload, this.maxPayload);
      const entry: Entry = {
        name,
        payload,
        alone: declared.reply !== 'OK',
        answerWithin: declared.answerWithin,
        resolve: (reply) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(reply);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
        sequence: 0,
        chained: false,
        deadline: 0,
        tries: 0,
      };
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        entry.reject(aborted(name));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(entry);
      this.#pump();
    });
  }

  /** Ends the session; requests without an answer are rejected. */
  async close(): Promise<void> {
    this.#outbox.flush();
    this.#fail(new EngramError('E0706', 'the session was closed'), false);
    await this.#transport.close();
  }

  /** Sends what the windows allow. */
  #pump(): void {
    if (this.#skipped.length > 0) {
      // What is in flight is chained to them, so it will be skipped too: wait for it to keep the order.
      if (this.#inFlight.length > 0) return this.#setTimer();
      this.#waiting.unshift(...this.#skipped.splice(0));
    }
    for (let entry = this.#waiting[0]; entry !== undefined; entry = this.#waiting[0]) {
      if (this.#inFlight.length > 0 && !this.#fits(entry)) break;
      this.#waiting.shift();
      this.#sequence = nextSequence(this.#sequence);
      entry.sequence = this.#sequence;
      entry.chained = this.#inFlight.length > 0;
      this.#inFlight.push(entry);
      this.#transmit(entry);
    }
    this.#setTimer();
  }

  #fits(entry: Entry): boolean {
    if (entry.alone || this.#inFlight.some(({ alone }) => alone)) return false;
    if (this.#inFlight.length >= this.hello.windowRequests) return false;
    const bytes = this.#inFlight.reduce((sum, { payload }) => sum + frameBytes(payload.length), 0);
    return bytes + frameBytes(entry.payload.length) <= this.hello.windowBytes;
  }

  #transmit(entry: Entry): void {
    entry.deadline = performance.now() + entry.answerWithin + travelMilliseconds;
    entry.tries++;
    this.#send(entry.name, entry.payload, entry.sequence, entry.chained);
  }

  /** What is sent in one turn goes out together. */
  #send(name: MessageName, payload: Uint8Array, sequence: number, chained: boolean): void {
    this.#outbox.add(messageFrame(name, payload, { sequence, chained }));
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#outbox.flush();
    });
  }

  #receive(bytes: Uint8Array): void {
    for (const event of this.#parser.push(bytes)) if (event.kind === 'frame') this.#frame(event);
  }

  #frame(frame: ReceivedFrame): void {
    const name = messageName(frame.type);
    if (name === undefined) return;
    const { role } = messages[name];
    if (role === 'stream') return this.#stream(frame, name);
    if (role !== 'reply' || name === 'HELLO_REPLY') return;
    const message = this.#decoder.decode(frame);
    if (message.name === 'MALFORMED') return;
    const place = this.#inFlight.findIndex(({ sequence }) => sequence === frame.sequence);
    if (message.name === 'ERROR') this.#refused(message.fields, place);
    else if (place >= 0) for (const entry of this.#inFlight.splice(0, place + 1)) entry.resolve(message);
    this.#pump();
  }

  #refused({ code, detail, text }: MessageFields<'ERROR'>, place: number): void {
    if (code === wireErrors.SEQUENCE_GAP.number) return this.#sendAgainFrom(detail);
    if (code === wireErrors.NO_SESSION.number)
      return this.#fail(
        connectionLost(this.where, 'the board has restarted, or another host took it over'),
        true,
      );
    const [entry] = place < 0 ? [] : this.#inFlight.splice(place, 1);
    if (entry === undefined) return;
    // Only a run depends on what was sent before it; other requests are tried again by themselves.
    if (code === wireErrors.SKIPPED.number && !entry.name.startsWith('RUN_'))
      this.#skipped.push({ ...entry, tries: 0 });
    else entry.reject(boardRefused(entry.name, code, detail, text));
  }

  #sendAgainFrom(sequence: number): void {
    for (const entry of this.#inFlight)
      if (sequenceDistance(entry.sequence, sequence) >= 0) this.#transmit(entry);
  }

  #stream(frame: ReceivedFrame, name: MessageName): void {
    const distance = sequenceDistance(frame.sequence, this.#expected);
    if (distance < 0) return;
    this.#lastStream = performance.now();
    if (distance > 0) {
      void this.#askAgain();
      return;
    }
    this.#expected = nextSequence(this.#expected);
    const bytes = frameBytes(frame.payload.length);
    this.#unreleased += bytes;
    this.#handlers.stream(frame, name, () => this.#release(bytes));
  }

  /** Gives credit again when enough has been taken in. */
  #release(bytes: number): void {
    this.#unreleased -= bytes;
    this.#sinceCredit += bytes;
    if (this.#sinceCredit < this.#creditStep || this.#failure) return;
    this.#sinceCredit = 0;
    this.#send('CREDIT', encodePayload('CREDIT', this.#credit()), 0, false);
  }

  #credit() {
    return { next: this.#expected, window: Math.max(0, streamWindow - this.#unreleased) };
  }

  /** RESEND, once at a time. */
  async #askAgain(): Promise<void> {
    if (this.#resendAsked) return;
    this.#resendAsked = true;
    try {
      await this.request('RESEND', this.#credit());
    } catch (error) {
      if (error instanceof EngramError && error.context['wireError'] === 'STREAM_GONE')
        this.#fail(new EngramError('E0701', 'output of the run was lost on the way', { cause: error }), true);
    } finally {
      this.#resendAsked = false;
      this.#lastStream = performance.now();
    }
  }

  #setTimer(): void {
    const needed = this.#inFlight.length > 0 || this.watching;
    if (needed && this.#timer === null) this.#timer = setInterval(() => this.#look(), 50);
    if (!needed && this.#timer !== null) this.#stopTimer();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Looks for answers that are overdue and for a stream that has gone silent. */
  #look(): void {
    const now = performance.now();
    const late = this.#inFlight.find(({ deadline }) => deadline < now);
    if (late && late.tries >= tries)
      return this.#fail(
        new EngramError(
          'E0702',
          `the board at ${this.where} did not answer ${late.name}, asked ${tries} times`,
          {
            fix: [
              'check that it is attached and runs the engram firmware',
              'reset the board and connect again',
            ],
          },
        ),
        true,
      );
    if (late) this.#sendAgainFrom(late.sequence);
    if (this.watching && now - this.#lastStream > silenceMilliseconds) void this.#askAgain();
    this.#setTimer();
  }

  #closed(reason: Error | null): void {
    this.#fail(
      connectionLost(this.where, reason?.message ?? 'it was closed', reason ?? undefined),
      reason !== null,
    );
  }

  #fail(error: EngramError, tell: boolean): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#stopTimer();
    const all = [...this.#inFlight.splice(0), ...this.#skipped.splice(0), ...this.#waiting.splice(0)];
    for (const entry of all) entry.reject(error);
    if (tell) this.#handlers.lost(error);
  }
}
