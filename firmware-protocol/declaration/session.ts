import { bits, choices, text, u8, u16, u32 } from './field.js';
import { notice, reply, request } from './message.js';

export const helloFlags = bits('HELLO', {
  RESUME: [1, 'go on with `session`, if the board still holds it and `maxPayload` is no smaller than before'],
});

export const helloReplyFlags = bits('HELLO_REPLY', {
  RESUMED: [1, 'the session goes on; without it, it is new'],
  RUNNING: [2, 'a run is on'],
  RESTORED: [4, 'the state was restored from the board’s non-volatile memory at start'],
});

export const capabilities = bits('CAPABILITY', {
  REALTIME: [1, 'RUN_REALTIME'],
  CYCLES: [2, 'statistics count processor cycles'],
  BOOTLOADER: [4, 'REBOOT can enter a bootloader'],
  NONVOLATILE: [8, 'STATE_SAVE and STATE_FORGET'],
  KEEPS_IMAGE: [16, 'the image loaded stays usable until UPLOAD_COMMIT of another'],
});

export const rebootModes = choices('REBOOT', {
  APPLICATION: [0, 'start the firmware again'],
  BOOTLOADER: [1, 'enter the bootloader of the chip'],
});

export const resetCauses = choices('RESET_CAUSE', {
  POWER: [0, 'power on or reset pin'],
  REBOOT: [1, 'REBOOT message'],
  WATCHDOG: [2, 'watchdog'],
  FAULT: [3, 'processor fault or failed assertion'],
});

/** Opening, checking and ending a session; the two general answers. */
export const sessionMessages = {
  HELLO: request({
    id: 0x01,
    reply: 'HELLO_REPLY',
    errors: ['VERSION'],
    doc: 'Opens or resumes a session. Always sequence 0, and accepted whatever came before. RESUME with a smaller agreed `maxPayload` than before opens a new session: the frames kept may be too large for this host. The place and meaning of `major` and `minor` never change.',
    fields: [
      u8('major', 'protocol version of the host'),
      u8('minor', 'protocol version of the host'),
      u16('maxPayload', 'largest payload the host takes', { unit: 'bytes', min: 256, max: 4096 }),
      u32('session', 'number the host drew at random for this session', { min: 1 }),
      u32('streamWindow', 'first stream credit, as in CREDIT', { unit: 'bytes' }),
      u8('flags', 'bits', { set: helloFlags }),
      text('host', 32, 'name and version of the host program, for logs'),
    ],
  }),
  HELLO_REPLY: reply({
    id: 0x81,
    doc: 'Who the board is, what was agreed, and where a resumed session stands.',
    fields: [
      u8('major', 'protocol version of the board'),
      u8('minor', 'protocol version of the board; both sides use the smaller one'),
      u16('maxPayload', 'agreed: the smaller of both sides’ offers', { unit: 'bytes', min: 256, max: 4096 }),
      u32('session', 'the number of HELLO'),
      u8('flags', 'bits', { set: helloReplyFlags }),
      u8('windowRequests', 'requests that may be unanswered at a time; the board remembers as many answers', {
        min: 1,
      }),
      u32('windowBytes', 'bytes of unanswered requests allowed at a time; holds a frame of maxPayload', {
        unit: 'bytes',
        min: 264,
      }),
      u16('lastRequest', 'sequence of the last request done; new session: 0'),
      u16('oldestStream', 'oldest stream sequence kept; = nextStream: none'),
      u16('nextStream', 'sequence of the stream frame to be made next; new session: 0'),
      u32('targetId', 'id in target.json'),
      u32('capabilities', 'bits', { set: capabilities }),
      u16('coreVersion', 'edition of docs/core.md'),
      u16('imageVersion', 'image format version the board reads'),
      u32('imageHash', 'content hash of the image loaded; 0: none'),
      u32('tick', 'next tick to run'),
      text('target', 32, 'target name'),
      text('firmware', 32, 'firmware name and version'),
      text('serial', 32, 'serial number of this board, the same as on USB'),
    ],
  }),
  INFO: request({ id: 0x02, reply: 'INFO_REPLY', doc: 'Asks for limits and load.', fields: [] }),
  INFO_REPLY: reply({
    id: 0x82,
    doc: 'Limits of the board and what the image uses of them.',
    fields: [
      u32('clockHz', 'processor clock; 0: none', { unit: 'Hz' }),
      u32('uptime', 'since start, wrapping', { unit: 'ms' }),
      u8('resetCause', 'why the board last started', { set: resetCauses }),
      u16('cores', 'cores of the image; 0 without one'),
      u16('populations', 'populations of the image'),
      u32('units', 'units of the image'),
      u16('channels', 'modulator channels of the image'),
      u32('memoryBytes', 'memory for images', { unit: 'bytes' }),
      u32('memoryFree', 'of it unused', { unit: 'bytes' }),
      u32('inputCapacity', 'input events the queue holds when empty', { unit: 'events' }),
      u32('streamCapacity', 'bytes of stream frames the board keeps', { unit: 'bytes' }),
      u16('probes', 'probes that can be set'),
    ],
  }),
  PING: request({
    id: 0x03,
    reply: 'OK',
    doc: 'Does nothing; OK tells tick and free input space.',
    fields: [],
  }),
  RESET: request({
    id: 0x04,
    reply: 'OK',
    answerWithin: 5000,
    errors: ['NO_IMAGE', 'BUSY'],
    doc: 'Puts the state back to that of the image (docs/core.md, section 11), empties the input queue and zeroes the statistics. Probes and spike selection return to the image’s. Stream frames not yet sent are kept. BUSY during a run: send STOP first.',
    fields: [],
  }),
  REBOOT: request({
    id: 0x05,
    reply: 'OK',
    errors: ['NOT_SUPPORTED'],
    doc: 'Answers, waits until the answer has left, and restarts. The session ends.',
    fields: [u8('mode', 'what to start', { set: rebootModes })],
  }),
  CREDIT: notice({
    id: 0x06,
    doc: 'Acknowledges stream frames before `next` and grants `window`. Sent whenever half of the window has arrived.',
    fields: [
      u16('next', 'stream sequence the host expects next'),
      u32('window', 'bytes of frames from `next` on that the host can take', { unit: 'bytes' }),
    ],
  }),
  RESEND: request({
    id: 0x07,
    reply: 'OK',
    errors: ['STREAM_GONE'],
    doc: 'As CREDIT, and the board sends all frames from `next` on again. Also the host’s watchdog while it waits for stream frames.',
    fields: [
      u16('next', 'stream sequence the host expects next'),
      u32('window', 'bytes of frames from `next` on that the host can take', { unit: 'bytes' }),
    ],
  }),
  OK: reply({
    id: 0x80,
    doc: 'The request was done. Cumulative: it also answers every earlier request that has no answer yet.',
    fields: [
      u32('tick', 'next tick to run, at the time of sending'),
      u32('inputFree', 'input events the queue still takes', { unit: 'events' }),
    ],
  }),
  ERROR: reply({
    id: 0x8f,
    doc: 'The request was refused and nothing of it was done. Answers this request only.',
    fields: [
      u16('code', 'error number (table below)', { min: 1 }),
      u32('detail', 'what the table says; else 0'),
      text('text', 120, 'a sentence for a person; may be empty: then the table’s text holds'),
    ],
  }),
} as const;
