import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { transferKinds } from '../../firmware-protocol/declaration/upload.js';
import { type EngramError, isEngramError } from '../../src/errors/engram-error.js';
import { crc32 } from '../../src/image/checksum.js';
import type { Image } from '../../src/image/image.js';
import { coreVersion, imageVersion } from '../../src/image/layout.js';
import { readImage } from '../../src/image/read.js';
import { readHeader } from '../../src/image/sections.js';
import type { LoadedImage } from './loaded-image.js';
import { Refusal } from './refusal.js';

const largestTransfer = 512 * 2 ** 20;

interface Upload extends Pick<MessageFields<'UPLOAD_BEGIN'>, 'kind' | 'total' | 'crc' | 'hash'> {
  bytes: Uint8Array;
  received: number;
}

/** Images and checkpoints onto the board, checkpoints off it. Survives the session, so that an upload can be taken up. */
export class Transfers {
  readonly #targetId: number;
  #upload: Upload | null = null;
  #download: Uint8Array | null = null;

  constructor(targetId: number) {
    this.#targetId = targetId;
  }

  /** While a download is open the state must not change. */
  get frozen(): boolean {
    return this.#download !== null;
  }

  begin(fields: MessageFields<'UPLOAD_BEGIN'>, loaded: LoadedImage | null): { offset: number } {
    const { kind, total, crc, hash } = fields;
    if (kind === transferKinds.value.CHECKPOINT) checkImage(loaded, hash);
    else if (kind !== transferKinds.value.IMAGE) throw new Refusal('BAD_VALUE');
    if (total > largestTransfer) throw new Refusal('TOO_LARGE', largestTransfer);
    const open = this.#upload;
    const same = open?.kind === kind && open.total === total && open.crc === crc && open.hash === hash;
    if (!same) this.#upload = { kind, total, crc, hash, bytes: new Uint8Array(total), received: 0 };
    return { offset: this.#upload!.received };
  }

  data({ offset, data }: MessageFields<'UPLOAD_DATA'>): void {
    const upload = this.#open();
    if (offset !== upload.received) throw new Refusal('WRONG_OFFSET', upload.received);
    if (offset + data.length > upload.total) throw new Refusal('TOO_LARGE', upload.total - offset);
    upload.bytes.set(data, offset);
    upload.received += data.length;
  }

  /** The image that was uploaded, checked; or null after a checkpoint, which has been restored. */
  commit(loaded: LoadedImage | null): Image | null {
    const upload = this.#open();
    if (upload.received < upload.total) throw new Refusal('INCOMPLETE', upload.total - upload.received);
    this.#upload = null;
    const found = crc32(upload.bytes);
    if (found !== upload.crc) throw new Refusal('BAD_CRC', found);
    if (upload.kind === transferKinds.value.IMAGE) return this.#checkedImage(upload.bytes);
    checkImage(loaded, upload.hash);
    refusedAs(() => loaded!.machine.restore(upload.bytes));
    return null;
  }

  cancel(): void {
    this.#upload = null;
  }

  beginDownload(loaded: LoadedImage): MessageFields<'DOWNLOAD_READY'> {
    this.#download ??= loaded.machine.checkpoint();
    const bytes = this.#download;
    return {
      total: bytes.byteLength,
      crc: crc32(bytes),
      hash: loaded.image.contentHash,
      tick: loaded.machine.tick,
    };
  }

  read(
    { offset, length }: MessageFields<'DOWNLOAD_READ'>,
    maxPayload: number,
  ): MessageFields<'DOWNLOAD_DATA'> {
    if (this.#download === null) throw new Refusal('NO_TRANSFER');
    if (offset >= this.#download.byteLength) throw new Refusal('OUT_OF_RANGE', this.#download.byteLength);
    return { offset, data: this.#download.slice(offset, offset + Math.min(length, maxPayload - 6)) };
  }

  endDownload(): void {
    this.#download = null;
  }

  #open(): Upload {
    if (this.#upload === null) throw new Refusal('NO_TRANSFER');
    return this.#upload;
  }

  #checkedImage(bytes: Uint8Array): Image {
    return refusedAs(() => {
      const { targetId } = readHeader(bytes);
      if (targetId !== this.#targetId)
        throw new Refusal(
          'WRONG_TARGET',
          this.#targetId,
          `The image is for target ${targetId}, the board is ${this.#targetId}.`,
        );
      return readImage(bytes);
    });
  }
}

function checkImage(loaded: LoadedImage | null, hash: number): void {
  if (loaded === null) throw new Refusal('NO_IMAGE');
  if (loaded.image.contentHash !== hash) throw new Refusal('WRONG_IMAGE', loaded.image.contentHash);
}

/** Runs a check of the image or checkpoint; its error becomes one of the wire. */
function refusedAs<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (isEngramError(error)) throw refusalOf(error);
    throw error;
  }
}

function refusalOf(error: EngramError): Refusal {
  const text = error.message.slice(0, 119);
  if (error.code !== 'E0502') return new Refusal('FAILED_CHECK', 0, text);
  const format = /format (\d+)/.exec(error.message)?.[1];
  return Number(format) === imageVersion
    ? new Refusal('WRONG_CORE', coreVersion, text)
    : new Refusal('WRONG_FORMAT', imageVersion, text);
}
