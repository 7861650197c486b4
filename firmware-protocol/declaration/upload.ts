import { bytes, choices, u8, u16, u32 } from './field.js';
import { reply, request } from './message.js';

export const transferKinds = choices('TRANSFER', {
  IMAGE: [1, 'a core image (docs/image.md)'],
  CHECKPOINT: [2, 'a checkpoint of the image loaded'],
});

/** Images and checkpoints onto the board, checkpoints off it, and the board's own store. */
export const uploadMessages = {
  UPLOAD_BEGIN: request({
    id: 0x10,
    reply: 'UPLOAD_READY',
    answerWithin: 5000,
    errors: ['BUSY', 'TOO_LARGE', 'NO_IMAGE', 'WRONG_IMAGE'],
    doc: 'Opens an upload, or goes on with an interrupted one of the same kind, total, crc and hash, in this session or an earlier one. Any other upload that was open is dropped. Unless KEEPS_IMAGE is among the capabilities, an image upload unloads the image at once. BUSY while a run is on or a download is open.',
    fields: [
      u8('kind', 'what is sent', { set: transferKinds }),
      u32('total', 'length', { unit: 'bytes', min: 1 }),
      u32('crc', 'CRC-32 of all bytes'),
      u32('hash', 'content hash of the image, or of the image the checkpoint belongs to'),
    ],
  }),
  UPLOAD_READY: reply({
    id: 0x90,
    doc: 'Where to go on.',
    fields: [u32('offset', 'bytes the board already holds', { unit: 'bytes' })],
  }),
  UPLOAD_DATA: request({
    id: 0x11,
    reply: 'OK',
    answerWithin: 2000,
    errors: ['NO_TRANSFER', 'WRONG_OFFSET', 'TOO_LARGE', 'STORAGE'],
    doc: 'The next bytes. `offset` must be where the last ended.',
    fields: [u32('offset', 'place of the first byte', { unit: 'bytes' }), bytes('data', 'bytes')],
  }),
  UPLOAD_COMMIT: request({
    id: 0x12,
    reply: 'OK',
    answerWithin: 30_000,
    errors: [
      'BUSY',
      'NO_TRANSFER',
      'INCOMPLETE',
      'BAD_CRC',
      'WRONG_TARGET',
      'WRONG_FORMAT',
      'WRONG_CORE',
      'OUT_OF_MEMORY',
      'FAILED_CHECK',
      'NO_IMAGE',
      'WRONG_IMAGE',
      'STORAGE',
    ],
    doc: 'Checks everything, then loads: an image resets the board to the image’s state, a checkpoint replaces the whole state. Either empties the input queue and zeroes the statistics. BUSY while a run is on or a download is open. On error nothing is loaded, a checkpoint leaves the state as it was; the upload is dropped unless the error is BUSY or INCOMPLETE.',
    fields: [],
  }),
  UPLOAD_CANCEL: request({
    id: 0x13,
    reply: 'OK',
    doc: 'Drops an open upload; no harm without one.',
    fields: [],
  }),
  DOWNLOAD_BEGIN: request({
    id: 0x14,
    reply: 'DOWNLOAD_READY',
    answerWithin: 30_000,
    errors: ['NO_IMAGE', 'BUSY'],
    doc: 'Freezes the state between two ticks: until DOWNLOAD_END or a new session, everything that would change it is answered BUSY. Sent again it answers the same. Same state, same bytes: an interrupted download goes on if `crc` is the same again.',
    fields: [u8('kind', 'CHECKPOINT', { set: transferKinds, min: 2, max: 2 })],
  }),
  DOWNLOAD_READY: reply({
    id: 0x94,
    doc: 'What will be read.',
    fields: [
      u32('total', 'length', { unit: 'bytes' }),
      u32('crc', 'CRC-32 of all bytes'),
      u32('hash', 'content hash of the image it belongs to'),
      u32('tick', 'next tick to run'),
    ],
  }),
  DOWNLOAD_READ: request({
    id: 0x15,
    reply: 'DOWNLOAD_DATA',
    answerWithin: 2000,
    errors: ['NO_TRANSFER', 'OUT_OF_RANGE'],
    doc: 'Reads any part, in any order.',
    fields: [
      u32('offset', 'place of the first byte', { unit: 'bytes' }),
      u16('length', 'bytes wanted', { unit: 'bytes', min: 1 }),
    ],
  }),
  DOWNLOAD_DATA: reply({
    id: 0x95,
    doc: 'As many of the bytes as fit a frame and remain, at least one.',
    fields: [u32('offset', 'place of the first byte', { unit: 'bytes' }), bytes('data', 'bytes')],
  }),
  DOWNLOAD_END: request({ id: 0x16, reply: 'OK', doc: 'Ends the freeze; no harm without one.', fields: [] }),
  STATE_SAVE: request({
    id: 0x17,
    reply: 'OK',
    answerWithin: 30_000,
    errors: ['NOT_SUPPORTED', 'NO_IMAGE', 'BUSY', 'STORAGE'],
    doc: 'Writes image and state to the board’s non-volatile memory, from which it starts next time. The copy saved before stays valid until the new one is complete.',
    fields: [],
  }),
  STATE_FORGET: request({
    id: 0x18,
    reply: 'OK',
    answerWithin: 30_000,
    errors: ['NOT_SUPPORTED', 'BUSY', 'STORAGE'],
    doc: 'Erases what STATE_SAVE wrote.',
    fields: [],
  }),
} as const;
