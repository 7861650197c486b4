import { EngramError } from '../../src/errors/engram-error.js';
import {
  checkpointHeaderLayout,
  checkpointMagic,
  checkpointVersion,
} from '../../src/image/checkpoint-layout.js';
import { crc32 } from '../../src/image/checksum.js';
import { recordBytes } from '../../src/image/layout.js';
import { asBytes } from '../../src/image/numbers.js';
import { readRecord, writeRecord } from '../../src/image/record.js';
import { coreFault, modulatorsFault } from './checkpoint-check.js';
import type { Episodes } from './episodes.js';
import { episodesFault } from './episodes-check.js';
import type { ModulatorState } from './modulators.js';
import type { CoreState } from './state.js';
import { coreArrays, modulatorArrays, stateArrays } from './state-arrays.js';

const headerBytes = recordBytes(checkpointHeaderLayout);

export interface CheckpointClock {
  readonly tick: number;
  readonly learning: boolean;
}

/** Writes everything that evolves. */
export function writeCheckpoint(
  imageHash: number,
  { tick, learning }: CheckpointClock,
  cores: readonly CoreState[],
  modulators: ModulatorState,
  episodes: Episodes | null,
): Uint8Array<ArrayBuffer> {
  const arrays = stateArrays(cores, modulators, episodes);
  const length = headerBytes + bytesOf(arrays);
  const bytes = new Uint8Array(length);
  let at = headerBytes;
  for (const array of arrays) {
    bytes.set(asBytes(array), at);
    at += array.byteLength;
  }
  const header = {
    magic: checkpointMagic,
    version: checkpointVersion,
    flags: learning ? 1 : 0,
    imageHash,
    tick,
    length,
    contentCrc: crc32(bytes.subarray(headerBytes)),
    reserved: 0,
    headerCrc: 0,
  };
  const view = new DataView(bytes.buffer);
  writeRecord(checkpointHeaderLayout, view, 0, header);
  writeRecord(checkpointHeaderLayout, view, 0, {
    ...header,
    headerCrc: crc32(bytes.subarray(0, headerBytes - 4)),
  });
  return bytes;
}

/** Puts a checkpoint back. Everything is checked first; on failure (E0901) nothing has changed. */
export function readCheckpoint(
  bytes: Uint8Array,
  imageHash: number,
  cores: readonly CoreState[],
  modulators: ModulatorState,
  episodes: Episodes | null,
): CheckpointClock {
  const arrays = stateArrays(cores, modulators, episodes);
  const length = headerBytes + bytesOf(arrays);
  if (bytes.byteLength < headerBytes) throw refused('it is shorter than its header');
  const header = readRecord(
    checkpointHeaderLayout,
    new DataView(bytes.buffer, bytes.byteOffset, headerBytes),
    0,
  );
  if (header.magic !== checkpointMagic) throw refused('it is not a checkpoint');
  if (header.headerCrc !== crc32(bytes.subarray(0, headerBytes - 4))) throw refused('its header is damaged');
  if (header.version !== checkpointVersion)
    throw refused(`it has format ${header.version}, not ${checkpointVersion}`);
  if (header.imageHash !== imageHash) throw refused('it was taken with another image');
  if (header.length !== bytes.byteLength || bytes.byteLength !== length)
    throw refused(`it should have ${length} bytes and has ${bytes.byteLength}`);
  if (header.contentCrc !== crc32(bytes.subarray(headerBytes))) throw refused('its content is damaged');
  const fault = contentFault(bytes.subarray(headerBytes), header.tick, cores, modulators, episodes);
  if (fault !== null) throw refused(fault);
  let at = headerBytes;
  for (const array of arrays) {
    asBytes(array).set(bytes.subarray(at, at + array.byteLength));
    at += array.byteLength;
  }
  return { tick: header.tick, learning: (header.flags & 1) !== 0 };
}

/** Why a value, or what the episodic buffer's words say together, cannot be; null if all can. */
function contentFault(
  content: Uint8Array,
  tick: number,
  cores: readonly CoreState[],
  modulators: ModulatorState,
  episodes: Episodes | null,
): string | null {
  let fault = modulatorsFault(modulators, content);
  let at = bytesOf(modulatorArrays(modulators));
  if (episodes) {
    fault ??= episodesFault(episodes, content.subarray(at), tick);
    at += bytesOf(episodes.arrays);
  }
  for (const core of cores) {
    fault ??= coreFault(core, content.subarray(at));
    at += bytesOf(coreArrays(core));
  }
  return fault;
}

function bytesOf(arrays: readonly ArrayBufferView[]): number {
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function refused(reason: string): EngramError {
  return new EngramError('E0901', `the checkpoint cannot be restored: ${reason}`, {
    fix: ['load the image it was taken with, or take a new checkpoint'],
    context: { reason },
  });
}
