import { EngramError, isEngramError } from '../errors/engram-error.js';
import type { PortInfo } from '../runtime/ports.js';
import { chooseBootloader, type FlashMethod } from './bootloader.js';
import { type Firmware, saysOfItself } from './firmware-file.js';
import type { OnFlashEvent } from './flash-event.js';
import { enterBootloader, pause, writeFirmware } from './flash-firmware.js';
import { pagesOf } from './flash-pages.js';
import type { FlashWorld } from './flash-world.js';
import { checkFirmware, imagePieces } from './pico-flash.js';
import { type FlashBoard, uploadImage, verifyImage } from './upload-image.js';

export interface FlashRequest {
  /** Name of the target the board must be. */
  readonly target: string;
  /** Firmware to flash; null: whatever runs must do, only the image is flashed. */
  readonly firmware: Firmware | null;
  /** Image to run from power-up on; null: firmware alone. */
  readonly image: Uint8Array | null;
  /** Serial port; without one the only board of the target. */
  readonly port?: string | undefined;
  readonly method: FlashMethod | 'auto';
  readonly signal?: AbortSignal | undefined;
  readonly onEvent: OnFlashEvent;
}

export interface FlashResult {
  readonly port: string;
  readonly firmware: string;
  readonly serial: string;
  /** Whether firmware was written; else only an image was uploaded. */
  readonly firmwareWritten: boolean;
  /** Hash of the image the board holds; 0: none. */
  readonly imageHash: number;
}

interface Session {
  readonly port: PortInfo;
  readonly board: FlashBoard | null;
}

/**
 * Brings firmware and image onto a board. With an image, a board that runs the firmware already gets the image over the
 * protocol; any other gets both into flash through its bootloader. Throws the codes of the steps: E0601 to E0604,
 * E0701 to E0708, E1103 to E1108.
 */
export async function flash(world: FlashWorld, request: FlashRequest): Promise<FlashResult> {
  const waiting =
    request.port === undefined && chooseBootloader(await world.bootloaders(), request.method) !== null;
  const session = waiting ? null : await openSession(world, request);
  if (session?.board && request.image && isCurrent(session.board, request.firmware)) {
    const { board, port } = session;
    try {
      await uploadImage(board, request.image, request);
      return result(port.path, board, false);
    } finally {
      await board.close();
    }
  }
  if (request.firmware) checkFirmware(request.firmware.pieces);
  const pieces = [...(request.firmware?.pieces ?? []), ...(request.image ? imagePieces(request.image) : [])];
  if (session)
    await enterBootloader(world, { port: session.port.path, board: session.board }, request.onEvent);
  await writeFirmware(world, { ...request, pages: pagesOf(pieces) });
  const serial = session?.board?.info.serial ?? session?.port.serialNumber ?? null;
  return finish(world, request, serial);
}

/** After the bootloader: the board is there again, and holds what was written. */
async function finish(world: FlashWorld, request: FlashRequest, serial: string | null): Promise<FlashResult> {
  request.onEvent({ step: 'return' });
  const { port, board } = await awaitBoard(world, request, serial);
  try {
    request.onEvent({ step: 'back', port: port.path, firmware: board.info.firmware });
    if (request.image) await verifyImage(board, request.image, request);
    return result(port.path, board, true);
  } finally {
    await board.close();
  }
}

/** The board of the request, with a session if it speaks the protocol. Throws E0601, E0602, E0603, E0604, E0705. */
async function openSession(world: FlashWorld, request: FlashRequest): Promise<Session> {
  const port = await choosePort(world, request);
  let board: FlashBoard;
  try {
    board = await world.connect(port.path, request.signal);
  } catch (error) {
    if (!isEngramError(error, 'E0702') && !isEngramError(error, 'E0703')) throw error;
    if (request.firmware === null) throw error;
    request.onEvent({ step: 'silent', port: port.path, reason: error.message });
    return { port, board: null };
  }
  const { targetName, firmware } = board.info;
  if (targetName !== request.target) {
    await board.close();
    throw new EngramError(
      'E0705',
      `the board at ${port.path} is a '${targetName}', not a '${request.target}'`,
      {
        fix: [`name it: engram flash --target ${targetName}`],
        context: { board: targetName, target: request.target },
      },
    );
  }
  request.onEvent({ step: 'found', port: port.path, firmware, current: isCurrent(board, request.firmware) });
  return { port, board };
}

async function choosePort(world: FlashWorld, { port, target }: FlashRequest): Promise<PortInfo> {
  const ports = await world.ports();
  if (port !== undefined)
    return (
      ports.find(({ path }) => path === port) ?? {
        path: port,
        vendorId: null,
        productId: null,
        serialNumber: null,
        target: null,
        note: null,
        access: 'unknown',
      }
    );
  const boards = ports.filter((candidate) => candidate.target === target);
  if (boards.length > 1)
    throw new EngramError('E0602', `${boards.length} boards are attached`, {
      facts: [['boards', boards.map(({ path }) => path).join(', ')]],
      fix: boards.map(({ path }) => `engram flash --port ${path}`),
    });
  if (boards[0]) return boards[0];
  throw new EngramError('E0601', `no ${target} is attached, neither running nor in its bootloader`, {
    fix: [
      'hold BOOTSEL, plug the board in, let go, and call engram flash again',
      'name its port: engram flash --port PATH; list them with: engram boards --all',
      'write a file for its drive: engram flash --out engram.uf2',
    ],
  });
}

/** Waits for a board of the target to answer; the one with that serial number, if it is known. Throws E1107, E0104. */
async function awaitBoard(
  world: FlashWorld,
  { target, port, signal }: FlashRequest,
  serial: string | null,
): Promise<{ port: PortInfo; board: FlashBoard }> {
  const end = Date.now() + world.patience;
  let reason = 'it did not appear on USB';
  for (;;) {
    const ports = (await world.ports()).filter((candidate) => candidate.target === target);
    const found =
      ports.find(({ serialNumber }) => serial !== null && serialNumber === serial) ??
      ports.find(({ path }) => path === port) ??
      (ports.length === 1 ? ports[0] : undefined);
    if (found)
      try {
        return { port: found, board: await world.connect(found.path, signal) };
      } catch (error) {
        // A port that has only just appeared may not be open to users yet, or its board not listen.
        if (!(error instanceof EngramError)) throw error;
        reason = error.message;
      }
    if (Date.now() > end)
      throw new EngramError('E1107', `the board did not come back: ${reason}`, {
        fix: [
          'plug it in again, then look: engram boards',
          'if it is not listed, flash it again holding BOOTSEL',
        ],
        context: { serial },
      });
    await pause(signal);
  }
}

function isCurrent(board: FlashBoard, firmware: Firmware | null): boolean {
  return firmware === null || saysOfItself(firmware, board.info.firmware);
}

function result(port: string, board: FlashBoard, firmwareWritten: boolean): FlashResult {
  const { firmware, serial } = board.info;
  return { port, firmware, serial, firmwareWritten, imageHash: board.loadedHash };
}
