import { nextSequence, sequenceDistance } from '../../firmware-protocol/framing/sequence.js';
import type { Refusal } from './refusal.js';

/** What a request was answered: OK or data, or why not. */
export type Answer = { readonly done: true } | { readonly done: false; readonly refusal: Refusal };

/** Which requests were done, so that none is done twice and none is missed (`docs/wire.md`, Requests). */
export class RequestLog {
  readonly #window: number;
  readonly #answers = new Map<number, Answer>();
  #last = 0;
  #gapReported = false;

  constructor(window: number) {
    this.#window = window;
  }

  /** Sequence of the last request done or refused. */
  get last(): number {
    return this.#last;
  }

  get expected(): number {
    return nextSequence(this.#last);
  }

  /** Whether the last request was done; before the first there is nothing to fail. */
  get lastDone(): boolean {
    return this.#answers.get(this.#last)?.done ?? true;
  }

  restart(): void {
    this.#answers.clear();
    this.#last = 0;
    this.#gapReported = false;
  }

  /** Where a sequence number stands: next in line, answered before, ahead (told once), or too old. */
  place(sequence: number): 'next' | 'repeated' | 'gap' | 'ignored' | 'forgotten' {
    const distance = sequenceDistance(sequence, this.#last);
    if (distance === 1) return 'next';
    if (distance >= 2) {
      if (this.#gapReported) return 'ignored';
      this.#gapReported = true;
      return 'gap';
    }
    return this.#answers.has(sequence) ? 'repeated' : 'forgotten';
  }

  remember(sequence: number, answer: Answer): void {
    this.#answers.set(sequence, answer);
    this.#answers.delete((sequence - this.#window) & 0xffff);
    this.#last = sequence;
    this.#gapReported = false;
  }

  answerOf(sequence: number): Answer {
    return this.#answers.get(sequence)!;
  }
}
