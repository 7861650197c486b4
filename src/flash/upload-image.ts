import { Machine } from '../../emulator/core/machine.js';
import { EngramError } from '../errors/engram-error.js';
import { readImage } from '../image/read.js';
import type { BoardInfo } from '../runtime/board.js';
import type { OnFlashEvent } from './flash-event.js';

/** What flashing wants of a session; `Board` gives it. */
export interface FlashBoard {
  readonly info: BoardInfo;
  readonly loadedHash: number;
  load(
    bytes: Uint8Array,
    options?: {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: ((done: number) => void) | undefined;
      readonly skipSame?: boolean;
    },
  ): Promise<void>;
  reset(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  stateHash(options?: { readonly signal?: AbortSignal | undefined }): Promise<number>;
  /** Keeps image and state without power. */
  save(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  reboot(
    mode: 'application' | 'bootloader',
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<void>;
  close(): Promise<void>;
}

export interface UploadImageOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: OnFlashEvent | undefined;
}

/**
 * Sends an image over the protocol, checks that board and emulator agree on the state it starts from, and has the board
 * keep it. An upload that broke off goes on where it ended. Throws what `Board.load` throws, E1108, E0704 (the board
 * cannot save).
 */
export async function uploadImage(
  board: FlashBoard,
  bytes: Uint8Array,
  { signal, onEvent = () => {} }: UploadImageOptions = {},
): Promise<void> {
  await board.load(bytes, {
    signal,
    skipSame: true,
    onProgress: (done) => onEvent({ step: 'upload', done }),
  });
  await board.reset({ signal });
  await verifyImage(board, bytes, { signal, onEvent });
  await board.save({ signal });
  onEvent({ step: 'saved' });
}

/** Checks that a board stands at the initial state of an image. Throws E1108. */
export async function verifyImage(
  board: FlashBoard,
  bytes: Uint8Array,
  { signal, onEvent = () => {} }: UploadImageOptions = {},
): Promise<void> {
  const image = readImage(bytes);
  if (board.loadedHash !== image.contentHash)
    throw differs('holds another image', image.contentHash, board.loadedHash);
  const expected = new Machine(image).stateHash();
  const found = await board.stateHash({ signal });
  if (found !== expected) throw differs('starts from another state than the emulator', expected, found);
  onEvent({ step: 'verified', imageHash: image.contentHash, stateHash: expected });
}

function differs(what: string, expected: number, found: number): EngramError {
  const hex = (hash: number) => `0x${hash.toString(16).padStart(8, '0')}`;
  return new EngramError('E1108', `the board ${what}`, {
    facts: [
      ['expected', hex(expected)],
      ['board', hex(found)],
    ],
    fix: ['flash the firmware again, and then the image: engram flash && engram flash <image>'],
    context: { expected, found },
  });
}
