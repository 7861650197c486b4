import { createDecoder } from '../../firmware-protocol/codec/decode.js';
import { encodePayload } from '../../firmware-protocol/codec/encode.js';
import { messageFrame } from '../../firmware-protocol/codec/message.js';
import type { MessageFields, MessageInput } from '../../firmware-protocol/codec/values.js';
import { wireErrors } from '../../firmware-protocol/declaration/errors.js';
import { frameFlags, frameLimits, protocolVersion } from '../../firmware-protocol/declaration/frame.js';
import { type MessageName, messageName, messages } from '../../firmware-protocol/declaration/messages.js';
import { capabilities, helloFlags, helloReplyFlags } from '../../firmware-protocol/declaration/session.js';
import { Outbox } from '../../firmware-protocol/framing/outbox.js';
import { FrameParser, type ReceivedFrame } from '../../firmware-protocol/framing/parser.js';
import { coreVersion, imageVersion } from '../../src/image/layout.js';
import { Machine } from '../core/machine.js';
import { inputFree } from './input.js';
import type { MakeMachine } from './loaded-image.js';
import { Refusal } from './refusal.js';
import { type Answer, RequestLog } from './request-log.js';
import { BoardRequests, type Reply } from './requests.js';
import { StreamSender } from './stream-sender.js';

export interface VirtualBoardOptions {
  /** Target the board stands for; images for others are refused. */
  readonly target: { readonly id: number; readonly name: string };
  readonly serial?: string;
  /** Largest payload it takes, 256 … 4096 bytes. */
  readonly maxPayload?: number;
  /** Bytes of stream frames it keeps. */
  readonly streamCapacity?: number;
  /** What runs the images; for boards that are to be wrong. */
  readonly makeMachine?: MakeMachine;
}

/** The host's end of a connection. */
export interface BoardConnection {
  /** Bytes from the host. */
  receive(chunk: Uint8Array): void;
  /** The host is gone; the board keeps its state and waits for the next. */
  close(): void;
}

const windowRequests = 32;
const firmware = 'engram-virtual 0.1.0';

/**
 * The emulator behind the wire protocol: answers as a board would (`docs/wire.md`). One host at a time; whoever
 * connects later takes over. Image, state, queued input and uploads outlive connections and sessions.
 */
export class VirtualBoard {
  readonly #options: Required<VirtualBoardOptions>;
  readonly #decoder = createDecoder();
  readonly #parser = new FrameParser(frameLimits.smallestMaxPayload);
  readonly #log = new RequestLog(windowRequests);
  readonly #stream: StreamSender;
  readonly #requests: BoardRequests;
  #send: ((bytes: Uint8Array) => void) | null = null;
  readonly #outbox = new Outbox((bytes) => this.#send?.(bytes));
  /** Request whose OK has not been sent: one answers all before it. */
  #owed: number | null = null;
  #session = 0;
  #maxPayload: number = frameLimits.smallestMaxPayload;

  constructor(options: VirtualBoardOptions) {
    this.#options = {
      serial: 'virtual-0',
      maxPayload: frameLimits.largestMaxPayload,
      streamCapacity: 1 << 20,
      makeMachine: (image) => new Machine(image),
      ...options,
    };
    this.#stream = new StreamSender(this.#options.streamCapacity, this.#outbox);
    this.#requests = new BoardRequests({
      targetId: options.target.id,
      stream: this.#stream,
      makeMachine: this.#options.makeMachine,
      maxPayload: () => this.#maxPayload,
      frameCounters: () => this.#parser.counters,
      restart: () => {
        this.#session = 0;
      },
    });
  }

  /** Connects a host; what the board says goes to `send`. */
  connect(send: (bytes: Uint8Array) => void): BoardConnection {
    this.#send = send;
    return {
      receive: (chunk) => {
        if (this.#send === send) this.#receive(chunk);
      },
      close: () => {
        if (this.#send === send) this.#send = null;
      },
    };
  }

  /** Switches the board off: a run ends, and so do the threads of its machine. */
  close(): void {
    this.#requests.close();
  }

  #receive(chunk: Uint8Array): void {
    for (const event of this.#parser.push(chunk)) if (event.kind === 'frame') this.#frame(event);
    this.#payOk();
    if (!this.#requests.starting) this.#outbox.flush();
  }

  #frame(frame: ReceivedFrame): void {
    const name = messageName(frame.type);
    if (name === 'HELLO') return this.#hello(frame);
    if (this.#session === 0) return this.#error(frame.sequence, new Refusal('NO_SESSION'));
    if (name === 'CREDIT') return this.#credit(frame);
    this.#request(frame, name);
  }

  #hello(frame: ReceivedFrame): void {
    const [major, minor] = frame.payload;
    if (major !== protocolVersion.major) {
      const detail =
        (((major ?? 0) << 24) |
          ((minor ?? 0) << 16) |
          (protocolVersion.major << 8) |
          protocolVersion.minor) >>>
        0;
      return this.#error(0, new Refusal('VERSION', detail));
    }
    const message = this.#decoder.decode(frame);
    if (message.name !== 'HELLO') {
      if (message.name === 'MALFORMED')
        this.#error(0, new Refusal(message.error, 0, message.text.slice(0, 119)));
      return;
    }
    const { fields } = message;
    const maxPayload = Math.min(fields.maxPayload, this.#options.maxPayload);
    // A host that takes smaller frames than before could not take those that are kept.
    const resumed =
      (fields.flags & helloFlags.value.RESUME) !== 0 &&
      fields.session === this.#session &&
      maxPayload >= this.#maxPayload;
    this.#owed = null;
    this.#session = fields.session;
    this.#maxPayload = maxPayload;
    this.#parser.setMaxPayload(this.#maxPayload);
    if (resumed) this.#stream.hold();
    else {
      this.#log.restart();
      this.#stream.restart(fields.streamWindow);
      this.#requests.newSession();
    }
    this.#reply('HELLO_REPLY', 0, this.#helloReply(resumed));
    this.#requests.wake();
  }

  #helloReply(resumed: boolean): MessageFields<'HELLO_REPLY'> {
    const { target, serial } = this.#options;
    const { loaded, running } = this.#requests;
    const { RESUMED, RUNNING } = helloReplyFlags.value;
    const { REALTIME, KEEPS_IMAGE } = capabilities.value;
    return {
      ...protocolVersion,
      maxPayload: this.#maxPayload,
      session: this.#session,
      flags: (resumed ? RESUMED : 0) | (running ? RUNNING : 0),
      windowRequests,
      windowBytes: windowRequests * frameLimits.largestMaxPayload,
      lastRequest: this.#log.last,
      oldestStream: this.#stream.oldest,
      nextStream: this.#stream.nextSequence,
      targetId: target.id,
      capabilities: REALTIME | KEEPS_IMAGE,
      coreVersion,
      imageVersion,
      imageHash: loaded?.image.contentHash ?? 0,
      tick: loaded?.machine.tick ?? 0,
      target: target.name,
      firmware,
      serial,
    };
  }

  #credit(frame: ReceivedFrame): void {
    const message = this.#decoder.decode(frame);
    if (message.name !== 'CREDIT') return;
    this.#stream.credit(message.fields.next, message.fields.window);
    this.#requests.wake();
  }

  /** A request: done, answered from memory, or refused, by its distance from the last one (`docs/wire.md`, Requests). */
  #request(frame: ReceivedFrame, name: MessageName | undefined): void {
    const { sequence } = frame;
    const place = this.#log.place(sequence);
    if (place === 'gap') return this.#error(sequence, new Refusal('SEQUENCE_GAP', this.#log.expected));
    if (place === 'ignored') return;
    if (place === 'forgotten') return this.#error(sequence, new Refusal('FORGOTTEN', this.#log.last));
    const declared = name === undefined ? undefined : messages[name];
    const answersData = declared?.role === 'request' && declared.reply !== 'OK';
    if (place === 'repeated' && !answersData) return this.#answer(sequence, this.#log.answerOf(sequence));
    const chained = (frame.flags & frameFlags.value.CHAINED) !== 0;
    let answer: Answer = { done: true };
    try {
      if (place === 'next' && chained && !this.#log.lastDone) throw new Refusal('SKIPPED');
      const data = this.#do(frame);
      if (place === 'next') this.#log.remember(sequence, answer);
      if (data) this.#payOk();
      // Name and fields of a reply belong together; the union does not say so to a generic function.
      if (data) this.#reply(data.name, sequence, data.fields as MessageInput<typeof data.name>);
      else this.#owed = sequence;
      return;
    } catch (error) {
      const refusal =
        error instanceof Refusal ? error : new Refusal('INTERNAL', 0, String(error).slice(0, 119));
      answer = { done: false, refusal };
    }
    if (place === 'next') this.#log.remember(sequence, answer);
    this.#answer(sequence, answer);
  }

  #do(frame: ReceivedFrame): Reply {
    if (frame.type === messages.SPIKES_IN.id) return this.#requests.spikes(frame);
    const message = this.#decoder.decode(frame);
    if (message.name === 'MALFORMED')
      throw new Refusal(message.error, frame.type, message.text.slice(0, 119));
    return this.#requests.handle(message);
  }

  #answer(sequence: number, answer: Answer): void {
    this.#payOk();
    if (answer.done) this.#ok(sequence);
    else this.#error(sequence, answer.refusal);
  }

  /** The OK that covers everything done so far: before any other answer, and when nothing more has come. */
  #payOk(): void {
    if (this.#owed !== null) this.#ok(this.#owed);
    this.#owed = null;
  }

  #ok(sequence: number): void {
    const { loaded } = this.#requests;
    this.#reply('OK', sequence, {
      tick: loaded?.machine.tick ?? 0,
      inputFree: loaded ? inputFree(loaded) : 0,
    });
  }

  #error(sequence: number, { wireError, detail, message }: Refusal): void {
    this.#payOk();
    this.#reply('ERROR', sequence, { code: wireErrors[wireError].number, detail, text: message });
  }

  #reply<N extends MessageName>(name: N, sequence: number, fields: MessageInput<N>): void {
    this.#outbox.add(messageFrame(name, encodePayload(name, fields), { sequence }));
  }
}
