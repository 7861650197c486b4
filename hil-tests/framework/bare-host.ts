import { createDecoder } from '../../firmware-protocol/codec/decode.js';
import { encodeMessage } from '../../firmware-protocol/codec/message.js';
import type { Message, MessageFields, MessageInput } from '../../firmware-protocol/codec/values.js';
import { type WireErrorName, wireErrorName } from '../../firmware-protocol/declaration/errors.js';
import { protocolVersion } from '../../firmware-protocol/declaration/frame.js';
import { type MessageName, messageName, messages } from '../../firmware-protocol/declaration/messages.js';
import { helloReplyFlags } from '../../firmware-protocol/declaration/session.js';
import { encodeFrame } from '../../firmware-protocol/framing/frame.js';
import { FrameParser, type ReceivedFrame } from '../../firmware-protocol/framing/parser.js';
import { nextSequence } from '../../firmware-protocol/framing/sequence.js';
import type { Transport } from '../../src/runtime/transport.js';
import { check, fail, failure } from './check.js';

/** A frame of the board, read. */
export type Told = Message & {
  readonly sequence: number;
  readonly flags: number;
  /** Bytes of payload. */
  readonly bytes: number;
};

interface Waiter {
  matches(told: Told): boolean;
  resolve(told: Told): void;
  reject(because: string): void;
}

interface RequestOptions {
  /** Its number; without it the next in line, which it then becomes. */
  readonly sequence?: number;
  readonly chained?: boolean;
}

const helloMilliseconds = 3000;
const travelMilliseconds = 1000;

/** A host that knows frames and nothing else: no repeats, no windows, no repairs. What the board says is kept as it came. */
export class BareHost {
  /** Every frame since HELLO_REPLY, in order, until taken. */
  told: Told[] = [];
  /** Gives credit by itself for what has come; switched off where credit is what is tested. */
  autoCredit = true;
  /** Bytes of stream granted each time. */
  window = 1 << 16;
  /** Sequence of the last request sent. */
  sequence = 0;
  /** Stream sequence expected next. */
  expected = 0;
  session = 1 + Math.floor(Math.random() * 0xffff_fffe);
  hello!: MessageFields<'HELLO_REPLY'>;
  readonly #transport: Transport;
  readonly #patience: number;
  readonly #parser = new FrameParser();
  readonly #decoder = createDecoder();
  readonly #waiters = new Set<Waiter>();
  #open = false;
  #closed: Error | null = null;
  /** What the board sent that is no message; told by the next request. */
  #nonsense: string | null = null;

  constructor(transport: Transport, patience: number) {
    this.#transport = transport;
    this.#patience = patience;
    transport.start({
      receive: (bytes) => this.#receive(bytes),
      closed: (reason) => {
        this.#closed = reason ?? new Error('the connection was closed');
        for (const waiter of [...this.#waiters]) waiter.reject(this.#closed.message);
      },
    });
  }

  /** Says HELLO and gives what was answered: HELLO_REPLY, which opens the session, or ERROR. */
  async sayHello(
    fields: Partial<MessageInput<'HELLO'>> = {},
    milliseconds = helloMilliseconds,
  ): Promise<Told> {
    this.#open = false;
    const hello = {
      ...protocolVersion,
      maxPayload: 1024,
      session: this.session,
      streamWindow: this.window,
      flags: 0,
      host: 'engram hil',
      ...fields,
    };
    const isAnswer = ({ name, sequence }: Told) =>
      name === 'HELLO_REPLY' || (name === 'ERROR' && sequence === 0);
    // Before sending: a board in this process answers at once.
    const answer = this.waitFor(isAnswer, 'an answer to HELLO', milliseconds);
    answer.catch(() => {});
    await this.send(Uint8Array.of(0, ...encodeMessage('HELLO', hello, { sequence: 0 })));
    const reply = await answer;
    if (reply.name !== 'HELLO_REPLY') return reply;
    this.hello = reply.fields;
    this.session = hello.session;
    this.sequence = reply.fields.lastRequest;
    this.told = [];
    return reply;
  }

  async send(bytes: Uint8Array): Promise<void> {
    if (this.#closed) fail(`the connection is gone: ${this.#closed.message}`);
    await this.#transport.send(bytes);
  }

  /** Sends a request and waits for the reply with its number. */
  async ask<N extends MessageName>(
    name: N,
    fields: MessageInput<N>,
    options: RequestOptions = {},
  ): Promise<Told> {
    const sequence = this.#number(options);
    const chained = options.chained ?? false;
    return this.exchange(encodeMessage(name, fields, { sequence, chained }), sequence, name);
  }

  /** Sends a request as type and payload, right or wrong, and waits for the reply with its number. */
  async askRaw(type: number, payload: Uint8Array, options: RequestOptions = {}): Promise<Told> {
    const sequence = this.#number(options);
    const what = messageName(type) ?? `message ${type}`;
    return this.exchange(encodeFrame({ type, flags: 0, sequence, payload }), sequence, what);
  }

  /** Sends bytes and waits for the reply with that number. */
  async exchange(bytes: Uint8Array, sequence: number, what: string): Promise<Told> {
    const isReply = (told: Told) => told.sequence === sequence && messages[told.name].role === 'reply';
    const declared = Object.hasOwn(messages, what) ? messages[what as MessageName] : null;
    const within = declared?.role === 'request' ? declared.answerWithin : 1000;
    const answer = this.waitFor(isReply, `an answer to ${what}, request ${sequence}`, within);
    answer.catch(() => {});
    await this.send(bytes);
    return answer;
  }

  /** Asks, and gives the fields of the reply that must come. */
  async expectReply<N extends MessageName, R extends MessageName>(
    name: N,
    fields: MessageInput<N>,
    reply: R,
  ): Promise<MessageFields<R>> {
    const told = await this.ask(name, fields);
    if (told.name !== reply) fail(`${name} was not answered by ${reply}`, { found: describeTold(told) });
    return told.fields as MessageFields<R>;
  }

  /** A request that must be done. */
  async ok<N extends MessageName>(name: N, fields: MessageInput<N>): Promise<MessageFields<'OK'>> {
    return this.expectReply(name, fields, 'OK');
  }

  /** A request that must be refused in one of these ways; gives the detail. */
  async refused<N extends MessageName>(
    name: N,
    fields: MessageInput<N>,
    ...allowed: WireErrorName[]
  ): Promise<number> {
    const told = await this.ask(name, fields);
    const found = answerName(told);
    check(told.name === 'ERROR' && allowed.includes(found as WireErrorName), `${name} should be refused`, {
      expected: allowed.join(' or '),
      found: describeTold(told),
    });
    return told.fields.detail;
  }

  /** Everything told since the last call, once the board has done all that was sent: a PING goes behind it. */
  async settle(): Promise<Told[]> {
    await this.ok('PING', {});
    const told = this.told.filter(({ name, sequence }) => name !== 'OK' || sequence !== this.sequence);
    this.told = [];
    return told;
  }

  /** Waits for a stream message; gives it. */
  async stream<N extends MessageName>(name: N, milliseconds = 30_000): Promise<MessageFields<N>> {
    const seen = this.told.find((told) => told.name === name);
    const told = seen ?? (await this.waitFor((one) => one.name === name, name, milliseconds));
    return told.fields as MessageFields<N>;
  }

  /** The stream messages up to RUN_DONE, taken off `told`. */
  async runOutput(milliseconds = 30_000): Promise<Told[]> {
    await this.stream('RUN_DONE', milliseconds);
    const output = this.told.filter(({ name }) => messages[name].role === 'stream');
    this.told = [];
    return output;
  }

  async credit(next = this.expected, window = this.window): Promise<void> {
    await this.send(encodeMessage('CREDIT', { next, window }, { sequence: 0 }));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** Waits for a frame; fails (E1001) when none comes within the time, times the patience for this board. */
  waitFor(matches: (told: Told) => boolean, what: string, milliseconds: number): Promise<Told> {
    const time = milliseconds * this.#patience + travelMilliseconds;
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const give = (text: string) => {
        end();
        reject(failure(text));
      };
      const timer = setTimeout(
        () => give(`${what} did not come within ${time} ms${this.#nonsense ? `: ${this.#nonsense}` : ''}`),
        time,
      );
      const waiter: Waiter = {
        matches,
        resolve(told) {
          end();
          resolve(told);
        },
        reject: (because) => give(`${what} did not come: ${because}`),
      };
      this.#waiters.add(waiter);
      if (this.#closed) waiter.reject(this.#closed.message);
    });
  }

  #number({ sequence }: RequestOptions): number {
    if (sequence !== undefined) return sequence;
    this.sequence = nextSequence(this.sequence);
    return this.sequence;
  }

  #receive(bytes: Uint8Array): void {
    for (const event of this.#parser.push(bytes)) {
      if (event.kind === 'frame') this.#frame(event);
      else if (this.#open) this.#nonsense = `the board sent ${event.bytes} bytes that are no frame`;
    }
  }

  #frame(frame: ReceivedFrame): void {
    const message = this.#decoder.decode(frame);
    if (message.name === 'MALFORMED') {
      if (this.#open) this.#nonsense = `the board sent a malformed message ${frame.type}: ${message.text}`;
      return;
    }
    const told: Told = {
      ...message,
      sequence: frame.sequence,
      flags: frame.flags,
      bytes: frame.payload.length,
    };
    if (told.name === 'HELLO_REPLY') {
      this.#open = true;
      if ((told.fields.flags & helloReplyFlags.value.RESUMED) === 0) this.expected = 0;
    }
    if (this.#open) this.told.push(told);
    if (this.#open && messages[told.name].role === 'stream') this.#took(told);
    for (const waiter of [...this.#waiters]) if (waiter.matches(told)) waiter.resolve(told);
  }

  #took({ sequence }: Told): void {
    if (sequence !== this.expected) return;
    this.expected = nextSequence(this.expected);
    if (this.autoCredit) void this.credit().catch(() => {});
  }
}

/** Name of the error, or of the message where it is none. */
export function answerName(told: Told): WireErrorName | MessageName | number {
  if (told.name !== 'ERROR') return told.name;
  return wireErrorName(told.fields.code) ?? told.fields.code;
}

export function describeTold(told: Told): string {
  if (told.name !== 'ERROR') return told.name;
  return `${answerName(told)}, detail ${told.fields.detail} ${JSON.stringify(told.fields.text)}`;
}
