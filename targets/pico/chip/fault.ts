/**
 * The firmware did what silicon would not forgive, or used something that nothing here models. The chip stops: a run
 * that goes on after that proves nothing.
 */
export class ChipFault extends Error {
  /** Where the processor was; null where no instruction is to blame. */
  readonly pc: number | null;
  readonly lr: number | null;

  constructor(message: string, pc: number | null = null, lr: number | null = null) {
    super(message);
    this.name = 'ChipFault';
    this.pc = pc;
    this.lr = lr;
  }
}

/** The supply failed in the middle of writing flash. */
export class PowerCut extends Error {
  constructor() {
    super('the power failed');
    this.name = 'PowerCut';
  }
}

/** Stops the chip with a text that says what happened. */
export type Fail = (text: string) => never;

export function hex(value: number, digits = 8): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
}
