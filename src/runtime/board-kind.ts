import type { Transport } from './transport.js';

/**
 * A kind of board that engram starts itself: a process or an emulated chip. `targets/<folder>/board.ts` exports
 * them as `boardKinds`; `--board NAME` starts one.
 */
export interface BoardKind {
  /** What `--board` calls it. */
  readonly name: string;
  readonly title: string;
  /** Name of the target whose images it runs. */
  readonly target: string;
  /** Why it cannot be started on this machine and what to do; null if it can. */
  unavailable(): Promise<string | null>;
  start(options?: StartOptions): Promise<StartedBoard>;
}

export interface StartOptions {
  readonly serial?: string;
  readonly signal?: AbortSignal;
}

export interface StartedBoard {
  /** Ways in: the first is the one to use without a reason for another ('cdc', 'webusb', 'uart', 'tcp', 'pty'). */
  readonly ways: readonly string[];
  /** A fresh connection; one over the same way that is still open is closed. */
  connect(way?: string): Promise<Transport>;
  /** Processor cycles since the start, where the emulator counts them; else null. */
  cycles(): Promise<number | null>;
  /** Null where power cannot be cut. */
  readonly power: PowerSwitch | null;
  close(): Promise<void>;
}

export interface PowerSwitch {
  /**
   * The power will fail after so many more bytes of non-volatile memory have been erased or programmed: the last
   * operation stays half done. Open connections close then.
   */
  cutAfter(bytes: number): Promise<void>;
  /** Power off (if it is not) and on again; the non-volatile memory is as it was left. Open connections close. */
  cycle(): Promise<void>;
  /** Whether the power has failed since it was last turned on. */
  isOff(): Promise<boolean>;
}
