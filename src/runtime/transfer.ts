import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { transferKinds } from '../../firmware-protocol/declaration/upload.js';
import { crc32 } from '../image/checksum.js';
import type { Link } from './link.js';
import { aborted } from './wire-failure.js';

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the share done, 0 … 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Uploads that wait for an answer at a time; the link's windows may allow fewer. */
const ahead = 16;

/** Sends an image or checkpoint, from where an interrupted transfer of the same bytes ended. */
export async function upload(
  link: Link,
  kind: keyof typeof transferKinds.value,
  bytes: Uint8Array,
  hash: number,
  { signal, onProgress }: TransferOptions = {},
): Promise<void> {
  const begin = { kind: transferKinds.value[kind], total: bytes.byteLength, crc: crc32(bytes), hash };
  const ready = await link.request('UPLOAD_BEGIN', begin);
  let offset = (ready.fields as MessageFields<'UPLOAD_READY'>).offset;
  const size = link.maxPayload - 6;
  const pending: Promise<unknown>[] = [];
  while (offset < bytes.byteLength) {
    if (signal?.aborted) {
      await Promise.allSettled(pending);
      throw aborted('the upload', { offset, total: bytes.byteLength });
    }
    const data = bytes.subarray(offset, offset + size);
    const sent = link.request('UPLOAD_DATA', { offset, data });
    // Awaited below; a rejection in between must not count as unhandled.
    sent.catch(() => {});
    pending.push(sent);
    offset += data.length;
    if (pending.length >= ahead) await pending.shift();
    onProgress?.(offset / bytes.byteLength);
  }
  await Promise.all(pending);
  await link.request('UPLOAD_COMMIT', {});
}

/** Takes a checkpoint off the board. */
export async function downloadCheckpoint(
  link: Link,
  { signal, onProgress }: TransferOptions = {},
): Promise<Uint8Array> {
  const ready = await link.request('DOWNLOAD_BEGIN', { kind: transferKinds.value.CHECKPOINT });
  const { total } = ready.fields as MessageFields<'DOWNLOAD_READY'>;
  const bytes = new Uint8Array(total);
  try {
    for (let offset = 0; offset < total; ) {
      if (signal?.aborted) throw aborted('the download', { offset, total });
      const length = Math.min(link.maxPayload, total - offset, 0xffff);
      const { data } = (await link.request('DOWNLOAD_READ', { offset, length }))
        .fields as MessageFields<'DOWNLOAD_DATA'>;
      bytes.set(data, offset);
      offset += data.length;
      onProgress?.(offset / total);
    }
  } finally {
    await link.request('DOWNLOAD_END', {});
  }
  return bytes;
}
