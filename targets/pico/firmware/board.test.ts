import { describe, expect, test } from 'vitest';
import { rebootModes, resetCauses } from '../../../firmware-protocol/declaration/session.js';
import { imagePieces } from '../../../src/flash/pico-flash.js';
import { readImage } from '../../../src/image/read.js';
import { learningImage } from '../../../src/runtime/board.testing.js';
import { cdc, Shipped } from './shipped.testing.js';

const toInterface = 0x21;
const setLineCoding = 0x20;
const setLineState = 0x22;
const scratch3 = 0x40058018;

/** Opens the serial port at a speed, and hangs up. */
function openAndClose(board: Shipped, baud: number): void {
  const coding = new Uint8Array(7);
  new DataView(coding.buffer).setUint32(0, baud, true);
  coding[6] = 8;
  board.control({ requestType: toInterface, request: setLineState, value: 3 });
  board.control({ requestType: toInterface, request: setLineCoding, data: coding });
  board.control({ requestType: toInterface, request: setLineState, value: 0 });
}

describe('why the chip started', () => {
  const { value: causes } = resetCauses;

  test('power', () => {
    expect(new Shipped().resetCause()).toBe(causes.POWER);
  });

  test('a request to restart, then power again', () => {
    const board = new Shipped();
    const before = board.resetCause();
    const { boots } = board.pico;
    board.request(cdc, 'REBOOT', { mode: rebootModes.value.APPLICATION });
    board.until('a restart', () => board.pico.boots > boots);
    expect([before, board.resetCause()]).toEqual([causes.POWER, causes.REBOOT]);
    board.pico.powerOff();
    board.pico.powerOn();
    expect(board.resetCause()).toBe(causes.POWER);
  });

  test('the watchdog, when the program is stuck', () => {
    const board = new Shipped();
    board.enumerated();
    const { boots } = board.pico;
    // Interrupts off, and a branch to itself in memory that nobody uses then.
    const { core, sram } = board.pico.life.chip;
    new DataView(sram.buffer, sram.byteOffset).setUint16(0, 0xe7fe, true);
    core.PM = true;
    core.PC = 0x20000000;
    board.until('a restart', () => board.pico.boots > boots, 9);
    expect(board.resetCause()).toBe(causes.WATCHDOG);
  });

  test('a fault', () => {
    const board = new Shipped();
    board.enumerated();
    const { boots } = board.pico;
    const { chip } = board.pico.life;
    // The emulated processor takes no fault of its own accord: as it would, it goes to the vector of a hard fault.
    chip.core.PC = chip.readUint32(chip.core.VTOR + 4 * 3) & ~1;
    board.until('a restart', () => board.pico.boots > boots);
    expect(board.resetCause()).toBe(causes.FAULT);
  });
});

describe('what is saved', () => {
  const image = learningImage();
  const { contentHash: hash } = readImage(image);

  /** Begins a session and asks which image is loaded. */
  function loaded(board: Shipped): number {
    board.enumerated();
    const heard = board.listen(cdc);
    board.hello(cdc);
    board.until('HELLO_REPLY', () => heard.names.includes('HELLO_REPLY'));
    const reply = heard.messages.find((message) => message.name === 'HELLO_REPLY');
    return reply?.name === 'HELLO_REPLY' ? reply.fields.imageHash : -1;
  }

  test('is restored at each start, but not at the one after a start that ended in that', () => {
    const board = new Shipped({ pieces: imagePieces(image) });
    const whole = loaded(board);
    board.request(cdc, 'REBOOT', { mode: rebootModes.value.APPLICATION });
    const { boots } = board.pico;
    board.until('a restart', () => board.pico.boots > boots);
    board.until('restoring', () => (board.pico.life.chip.readUint32(scratch3) & 0x100) !== 0);
    const { chip } = board.pico.life;
    chip.core.PC = chip.readUint32(chip.core.VTOR + 4 * 3) & ~1;
    board.until('another restart', () => board.pico.boots > boots + 1);
    const after = loaded(board);
    board.request(cdc, 'REBOOT', { mode: rebootModes.value.APPLICATION });
    board.until('a third restart', () => board.pico.boots > boots + 2);
    expect([whole, after, loaded(board)]).toEqual([hash, 0, hash]);
  });
});

describe('the way into the bootloader', () => {
  test('on request', () => {
    const board = new Shipped();
    board.enumerated();
    const heard = board.listen(cdc);
    board.hello(cdc);
    board.request(cdc, 'REBOOT', { mode: rebootModes.value.BOOTLOADER });
    board.until('the bootloader', () => board.pico.state.kind === 'bootloader');
    expect(heard.names).toEqual(['HELLO_REPLY', 'OK']);
  });

  test('by opening the port at 1200 baud and hanging up', () => {
    const board = new Shipped();
    board.enumerated();
    openAndClose(board, 1200);
    board.until('the bootloader', () => board.pico.state.kind === 'bootloader');
  });

  test('not at another speed', () => {
    const board = new Shipped();
    board.enumerated();
    openAndClose(board, 115_200);
    board.pico.runFor(100e6);
    expect(board.pico.state.kind).toBe('running');
  });
});
