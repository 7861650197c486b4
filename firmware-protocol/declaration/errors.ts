interface WireError {
  readonly number: number;
  /** Complete sentence for a person; the board may send a more exact one in ERROR.text. */
  readonly text: string;
  /** What ERROR.detail holds; nothing: 0. */
  readonly detail?: string;
}

/** Every reason for which a board refuses a request. Blocks: 1 frame and session, 20 transfer, 40 run, 50 input, 60 state and probes, 70 stream. */
export const wireErrors = {
  BAD_LENGTH: { number: 1, text: 'The payload is shorter or longer than its fields.' },
  BAD_VALUE: { number: 2, text: 'A field is outside its range.' },
  UNKNOWN_MESSAGE: { number: 3, text: 'The board does not know this message.', detail: 'message id' },
  SEQUENCE_GAP: { number: 4, text: 'A request before this one is missing.', detail: 'sequence expected' },
  FORGOTTEN: {
    number: 5,
    text: 'The answer to this old request is no longer kept.',
    detail: 'last sequence',
  },
  SKIPPED: { number: 6, text: 'Not done, because the chained request before it failed.' },
  NO_SESSION: { number: 7, text: 'No session is open: send HELLO first. The board may have restarted.' },
  VERSION: {
    number: 8,
    text: 'Board and host speak different protocol versions.',
    detail: 'host major << 24 | host minor << 16 | board major << 8 | board minor',
  },
  BUSY: { number: 9, text: 'Not possible while a run or a download is open.' },
  NOT_SUPPORTED: { number: 10, text: 'This board cannot do that (see its capabilities).' },
  INTERNAL: { number: 11, text: 'The firmware failed; please report it.', detail: 'firmware line' },

  NO_TRANSFER: { number: 20, text: 'No transfer is open.' },
  WRONG_OFFSET: {
    number: 21,
    text: 'The bytes do not continue where the last ended.',
    detail: 'offset expected',
  },
  TOO_LARGE: { number: 22, text: 'The transfer does not fit the board.', detail: 'bytes the board can take' },
  INCOMPLETE: { number: 23, text: 'Bytes are missing.', detail: 'bytes missing' },
  BAD_CRC: {
    number: 24,
    text: 'The bytes received have another CRC-32 than announced.',
    detail: 'CRC found',
  },
  WRONG_TARGET: { number: 25, text: 'The image is for another target.', detail: 'target id of the board' },
  WRONG_FORMAT: {
    number: 26,
    text: 'The image has another format version.',
    detail: 'version the board reads',
  },
  WRONG_CORE: {
    number: 27,
    text: 'The image is for another edition of the core specification.',
    detail: 'edition of the board',
  },
  OUT_OF_MEMORY: {
    number: 28,
    text: 'The image needs more memory than the board has.',
    detail: 'bytes short',
  },
  FAILED_CHECK: {
    number: 29,
    text: 'The transfer is damaged or not valid.',
    detail: 'byte offset of the finding',
  },
  WRONG_IMAGE: {
    number: 30,
    text: 'The checkpoint belongs to another image.',
    detail: 'hash of the image loaded',
  },
  STORAGE: { number: 31, text: 'The non-volatile memory could not be written.' },

  NO_IMAGE: { number: 40, text: 'No image is loaded.' },
  TICK_LIMIT: { number: 41, text: 'The run would pass tick 4294967295.', detail: 'ticks left' },

  TICK_PAST: { number: 50, text: 'An event is stamped with a tick that has begun.', detail: 'next tick' },
  TICK_FAR: {
    number: 51,
    text: 'An event lies farther ahead than the board can queue.',
    detail: 'last tick it takes',
  },
  UNKNOWN_UNIT: {
    number: 52,
    text: 'A spike names a unit that is not an input of the network.',
    detail: 'unit',
  },
  UNKNOWN_CHANNEL: { number: 53, text: 'The network has no such modulator channel.', detail: 'channel' },
  UNKNOWN_CONTROL: { number: 54, text: 'The board does not know this control code.', detail: 'code' },
  UNKNOWN_POPULATION: { number: 55, text: 'The network has no such population.', detail: 'population' },
  QUEUE_FULL: {
    number: 56,
    text: 'The queue of input events is full; run, then send again.',
    detail: 'events it still takes',
  },

  UNKNOWN_CORE: { number: 60, text: 'The image has no such core.', detail: 'core' },
  UNKNOWN_VARIABLE: { number: 61, text: 'There is no such state variable.', detail: 'variable' },
  OUT_OF_RANGE: {
    number: 62,
    text: 'The index lies outside the variable.',
    detail: 'length of the variable',
  },
  READ_ONLY: { number: 63, text: 'This state cannot be written.', detail: 'index' },
  UNKNOWN_PROBE: { number: 64, text: 'There is no such probe.', detail: 'probes the board has' },

  STREAM_GONE: {
    number: 70,
    text: 'The stream frames asked for are no longer kept.',
    detail: 'oldest sequence kept',
  },
} as const satisfies Record<string, WireError>;

export type WireErrorName = keyof typeof wireErrors;

const names: ReadonlyMap<number, WireErrorName> = new Map<number, WireErrorName>(
  Object.entries(wireErrors).map(([name, error]) => [error.number, name as WireErrorName]),
);

/** Name of an error number, or undefined for one that a later protocol version added. */
export function wireErrorName(number: number): WireErrorName | undefined {
  return names.get(number);
}
