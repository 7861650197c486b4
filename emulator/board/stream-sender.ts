import { messageFrame } from '../../firmware-protocol/codec/message.js';
import { frameBytes } from '../../firmware-protocol/declaration/frame.js';
import type { MessageName } from '../../firmware-protocol/declaration/messages.js';
import type { Outbox } from '../../firmware-protocol/framing/outbox.js';
import { nextSequence, sequenceDistance } from '../../firmware-protocol/framing/sequence.js';
import { Refusal } from './refusal.js';

interface KeptFrame {
  readonly sequence: number;
  readonly name: MessageName;
  readonly payload: Uint8Array;
  sent: boolean;
}

/** The board's stream: frames are kept until acknowledged and sent within the credit the host has granted. */
export class StreamSender {
  readonly capacity: number;
  readonly #outbox: Outbox;
  /** Frames not acknowledged, in order. */
  #kept: KeptFrame[] = [];
  #keptBytes = 0;
  /** Bytes sent and not acknowledged. */
  #underWay = 0;
  /** Place in `#kept` of the next frame to be sent. */
  #next = 0;
  #nextSequence = 0;
  #acknowledged = 0;
  #window = 0;

  /** What credit allows to go is put into `outbox`; `flush` sends it. */
  constructor(capacity: number, outbox: Outbox) {
    this.capacity = capacity;
    this.#outbox = outbox;
  }

  get nextSequence(): number {
    return this.#nextSequence;
  }

  get oldest(): number {
    return this.#acknowledged;
  }

  /** Whether a run may go on: everything made so far has been sent, and there is room. */
  get ready(): boolean {
    return this.#next === this.#kept.length && this.hasRoom;
  }

  get hasRoom(): boolean {
    return this.#keptBytes < this.capacity;
  }

  /** A new session: empty, from sequence 0. */
  restart(window: number): void {
    this.#kept = [];
    this.#keptBytes = 0;
    this.#underWay = 0;
    this.#next = 0;
    this.#nextSequence = 0;
    this.#acknowledged = 0;
    this.#window = window;
  }

  /** Nothing is sent until the next RESEND or CREDIT. */
  hold(): void {
    this.#window = 0;
  }

  push(name: MessageName, payload: Uint8Array): void {
    this.#kept.push({ sequence: this.#nextSequence, name, payload, sent: false });
    this.#keptBytes += frameBytes(payload.length);
    this.#nextSequence = nextSequence(this.#nextSequence);
    this.#sendAllowed();
  }

  /** CREDIT: one that is out of date, or for frames that were never sent, is ignored. */
  credit(next: number, window: number): void {
    const done = sequenceDistance(next, this.#acknowledged);
    if (done < 0 || done > this.#kept.length) return;
    if (done > 0 && !this.#kept[done - 1]!.sent) return;
    this.#acknowledge(done, window);
  }

  /** RESEND: everything from `next` on goes out again. */
  resend(next: number, window: number): void {
    const done = sequenceDistance(next, this.#acknowledged);
    if (done < 0 || done > this.#kept.length) throw new Refusal('STREAM_GONE', this.#acknowledged);
    for (let n = done; n < this.#next; n++) this.#underWay -= frameBytes(this.#kept[n]!.payload.length);
    this.#next = Math.min(this.#next, done);
    this.#acknowledge(done, window);
  }

  /** Forgets so many frames, and sends what the window allows. */
  #acknowledge(done: number, window: number): void {
    for (let n = 0; n < done; n++) {
      const bytes = frameBytes(this.#kept[n]!.payload.length);
      this.#keptBytes -= bytes;
      if (n < this.#next) this.#underWay -= bytes;
    }
    this.#acknowledged = (this.#acknowledged + done) & 0xffff;
    this.#kept.splice(0, done);
    this.#next = Math.max(0, this.#next - done);
    this.#window = window;
    this.#sendAllowed();
  }

  /** Sends what waits in the outbox. */
  flush(): void {
    this.#outbox.flush();
  }

  #sendAllowed(): void {
    while (this.#next < this.#kept.length) {
      const frame = this.#kept[this.#next]!;
      const bytes = frameBytes(frame.payload.length);
      if (this.#underWay + bytes > this.#window) return;
      this.#underWay += bytes;
      this.#next++;
      const { name, payload, sequence, sent: repeated } = frame;
      frame.sent = true;
      this.#outbox.add(messageFrame(name, payload, { sequence, repeated }));
    }
  }
}
