import { crc32 } from '../../src/image/checksum.js';
import { answerName, type BareHost } from '../framework/bare-host.js';
import { check, fail, same } from '../framework/check.js';
import type { HilCase } from '../framework/suite.js';
import { beginFields, loadedHost, runFields, sendBytes, spikesAt, stateHash, upload } from './loaded.js';

async function begin(host: BareHost, bytes: Uint8Array, hash: number, fields = {}): Promise<number> {
  const request = { ...beginFields(bytes, hash), ...fields };
  return (await host.expectReply('UPLOAD_BEGIN', request, 'UPLOAD_READY')).offset;
}

/** A checkpoint, read in pieces. */
async function download(host: BareHost): Promise<Uint8Array> {
  const { total, crc } = await host.expectReply('DOWNLOAD_BEGIN', { kind: 2 }, 'DOWNLOAD_READY');
  const bytes = new Uint8Array(total);
  for (let offset = 0; offset < total; ) {
    const read = { offset, length: Math.min(0xffff, total - offset) };
    const { data } = await host.expectReply('DOWNLOAD_READ', read, 'DOWNLOAD_DATA');
    if (data.length === 0) fail('DOWNLOAD_DATA without a byte', { offset, total });
    bytes.set(data, offset);
    offset += data.length;
  }
  same(crc32(bytes), crc, 'CRC-32 of what was read');
  return bytes;
}

/** docs/wire.md: Transfers. */
export const transferCases: readonly HilCase[] = [
  {
    name: 'an upload is taken up where it ended, in a later session too',
    async run(context) {
      const { host, bytes, image } = await loadedHost(context);
      const hash = image.contentHash;
      same(await begin(host, bytes, hash), 0, 'offset of a new upload');
      const part = Math.min(200, bytes.length);
      await host.ok('UPLOAD_DATA', { offset: 0, data: bytes.subarray(0, part) });
      same(await begin(host, bytes, hash), part, 'offset, asked again');
      await host.sayHello();
      same(await begin(host, bytes, hash), part, 'offset in a new session');
      same(await begin(host, bytes, hash, { crc: 1 }), 0, 'offset of another upload');
      same(await begin(host, bytes, hash), 0, 'offset of the first one, which was dropped');
      await sendBytes(host, bytes, 0);
      await host.ok('UPLOAD_COMMIT', {});
      same((await host.ok('PING', {})).tick, 0, 'tick after the image was loaded');
      await host.refused('UPLOAD_COMMIT', {}, 'NO_TRANSFER');
    },
  },
  {
    name: 'an upload is refused step by step with what is wrong',
    async run(context) {
      const { host, bytes, image } = await loadedHost(context);
      const hash = image.contentHash;
      await host.ok('UPLOAD_CANCEL', {});
      await host.refused('UPLOAD_DATA', { offset: 0, data: bytes.subarray(0, 4) }, 'NO_TRANSFER');
      await begin(host, bytes, hash);
      const data = bytes.subarray(0, 100);
      await host.ok('UPLOAD_DATA', { offset: 0, data });
      for (const offset of [0, 50, 101, bytes.length])
        same(await host.refused('UPLOAD_DATA', { offset, data }, 'WRONG_OFFSET'), 100, 'offset expected');
      same(await host.refused('UPLOAD_COMMIT', {}, 'INCOMPLETE'), bytes.length - 100, 'bytes missing');
      same(await begin(host, bytes, hash), 100, 'offset after INCOMPLETE');
      await host.ok('UPLOAD_CANCEL', {});
      await begin(host, data, hash);
      await host.ok('UPLOAD_DATA', { offset: 0, data: data.subarray(0, 90) });
      await host.refused('UPLOAD_DATA', { offset: 90, data }, 'TOO_LARGE');
      await host.ok('UPLOAD_CANCEL', {});
      const total = 0xffff_ffff;
      const most = await host.refused('UPLOAD_BEGIN', { ...beginFields(bytes, hash), total }, 'TOO_LARGE');
      check(most >= bytes.length && most < total, 'detail of TOO_LARGE', { detail: most });
    },
  },
  {
    name: 'a wrong checksum is BAD_CRC, and the upload is dropped',
    async run(context) {
      const { host, bytes, image } = await loadedHost(context);
      const crc = crc32(bytes) ^ 1;
      const told = await upload(host, bytes, image.contentHash, { crc: crc >>> 0 });
      same(answerName(told), 'BAD_CRC', 'answer to UPLOAD_COMMIT');
      same(told.name === 'ERROR' && told.fields.detail, crc32(bytes), 'CRC found');
      await host.refused('UPLOAD_COMMIT', {}, 'NO_TRANSFER');
      same((await upload(host, bytes, image.contentHash)).name, 'OK', 'the sound image afterwards');
    },
  },
  {
    name: 'KEEPS_IMAGE is the truth about the image during an upload',
    async run(context) {
      const { host, bytes, image } = await loadedHost(context);
      await begin(host, bytes, image.contentHash);
      const told = await host.ask('STATE_HASH', {});
      same(
        answerName(told),
        context.can('KEEPS_IMAGE') ? 'STATE_HASH_REPLY' : 'NO_IMAGE',
        'STATE_HASH meanwhile',
      );
      await host.ok('UPLOAD_CANCEL', {});
    },
  },
  {
    name: 'a download freezes the state until its end',
    async run(context) {
      const { host, image } = await loadedHost(context);
      await host.ok(
        'SPIKES_IN',
        spikesAt([
          [0, 1],
          [3, 2],
        ]),
      );
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 5 });
      await host.runOutput();
      const ready = await host.expectReply('DOWNLOAD_BEGIN', { kind: 2 }, 'DOWNLOAD_READY');
      same(ready.tick, 5, 'tick of the checkpoint');
      const reward = { tick: 9, channel: 0, value: 1 };
      await host.refused('RUN_LOCKSTEP', runFields, 'BUSY');
      await host.refused('RESET', {}, 'BUSY');
      await host.refused('SPIKES_IN', spikesAt([[7, 0]]), 'BUSY');
      await host.refused('REWARD', { events: [reward] }, 'BUSY');
      await host.refused('CONTROL', { events: [{ tick: 9, code: 1, population: 0, argument: 1 }] }, 'BUSY');
      const write = { core: 0, variable: 0, first: 0, values16: [], values32: [1] };
      await host.refused('STATE_WRITE', write, 'BUSY');
      const { contentHash } = image;
      await host.refused('UPLOAD_BEGIN', { kind: 1, total: 1, crc: 0, hash: contentHash }, 'BUSY');
      await host.refused('UPLOAD_COMMIT', {}, 'BUSY');
      const again = await host.expectReply('DOWNLOAD_BEGIN', { kind: 2 }, 'DOWNLOAD_READY');
      same(again, ready, 'DOWNLOAD_READY, asked again');
      const past = { offset: ready.total, length: 1 };
      same(await host.refused('DOWNLOAD_READ', past, 'OUT_OF_RANGE'), ready.total, 'detail of OUT_OF_RANGE');
      const last = await host.expectReply(
        'DOWNLOAD_READ',
        { offset: ready.total - 1, length: 0xffff },
        'DOWNLOAD_DATA',
      );
      same([last.offset, last.data.length], [ready.total - 1, 1], 'the last byte');
      await host.ok('DOWNLOAD_END', {});
      await host.refused('DOWNLOAD_READ', { offset: 0, length: 1 }, 'NO_TRANSFER');
      await host.expectReply('DOWNLOAD_BEGIN', { kind: 2 }, 'DOWNLOAD_READY');
      await host.sayHello();
      await host.refused('DOWNLOAD_READ', { offset: 0, length: 1 }, 'NO_TRANSFER');
      await host.ok('RUN_LOCKSTEP', runFields);
      await host.runOutput();
    },
  },
  {
    name: 'a checkpoint brings the state back, bit for bit',
    async run(context) {
      const { host, image } = await loadedHost(context);
      await host.ok(
        'SPIKES_IN',
        spikesAt([
          [0, 1],
          [3, 2],
          [11, 5],
        ]),
      );
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 30 });
      await host.runOutput();
      const [hash, bytes] = [await stateHash(host), await download(host)];
      same(await download(host), bytes, 'the same state, downloaded again');
      await host.ok('DOWNLOAD_END', {});
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 30 });
      await host.runOutput();
      check((await stateHash(host)) !== hash, 'the state did not change in 30 ticks');
      await host.ok('SPIKES_IN', spikesAt([[70, 1]]));
      const fields = beginFields(bytes, image.contentHash, 'CHECKPOINT');
      const damaged = bytes.slice();
      damaged[damaged.length >> 1]! ^= 1;
      const before = await stateHash(host);
      const other = await upload(
        host,
        damaged,
        image.contentHash,
        beginFields(damaged, image.contentHash, 'CHECKPOINT'),
      );
      same(answerName(other), 'FAILED_CHECK', 'answer to a damaged checkpoint');
      same(await stateHash(host), before, 'state after a damaged checkpoint');
      same((await upload(host, bytes, image.contentHash, fields)).name, 'OK', 'answer to the checkpoint');
      same(await stateHash(host), hash, 'state hash after restoring');
      const { tick, inputFree } = await host.ok('PING', {});
      same([tick, inputFree], [30, context.facts.info.inputCapacity], 'tick and queue after restoring');
      const { ticks, spikesIn } = await host.expectReply('STATISTICS_READ', {}, 'STATISTICS');
      same([ticks, spikesIn], [0, 0], 'ticks and spikesIn of the statistics after restoring');
      await host.refused('UPLOAD_BEGIN', { ...fields, hash: (image.contentHash ^ 1) >>> 0 }, 'WRONG_IMAGE');
    },
  },
];
