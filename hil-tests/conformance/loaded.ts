import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { transferKinds } from '../../firmware-protocol/declaration/upload.js';
import { crc32 } from '../../src/image/checksum.js';
import type { BareHost, Told } from '../framework/bare-host.js';
import { check } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { NotApplicable } from '../framework/suite.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
import { practiceNetwork } from '../networks/practice.js';

export interface LoadedHost extends TestImage {
  readonly host: BareHost;
}

/** A host of raw frames, with the practice network in its first state on the board. */
export async function loadedHost(context: CaseContext): Promise<LoadedHost> {
  const test = compileFor(context.target, practiceNetwork());
  const board = await context.board();
  await board.load(test.bytes, { skipSame: true });
  await board.reset();
  const host = await context.host();
  check(
    host.hello.imageHash === test.image.contentHash,
    'HELLO_REPLY names another image than the one loaded',
  );
  return { host, ...test };
}

/** A board without an image. */
export async function emptyHost(context: CaseContext): Promise<BareHost> {
  const host = await context.host();
  if (host.hello.imageHash === 0) return host;
  if (!context.can('KEEPS_IMAGE')) {
    const { bytes, image } = compileFor(context.target, practiceNetwork());
    await host.ask('UPLOAD_BEGIN', beginFields(bytes, image.contentHash));
    await host.ok('UPLOAD_CANCEL', {});
    return context.host();
  }
  if (context.can('NONVOLATILE')) await host.ok('STATE_FORGET', {});
  await context.restart();
  const after = await context.host();
  if (after.hello.imageHash !== 0)
    throw new NotApplicable('the board keeps an image over a restart, so it is never without one');
  return after;
}

export function beginFields(
  bytes: Uint8Array,
  hash: number,
  kind: keyof typeof transferKinds.value = 'IMAGE',
) {
  return { kind: transferKinds.value[kind], total: bytes.length, crc: crc32(bytes), hash };
}

/** Sends a transfer from `offset` on; gives the answer to the last request. */
export async function sendBytes(host: BareHost, bytes: Uint8Array, offset: number): Promise<void> {
  const size = host.hello.maxPayload - 6;
  for (let at = offset; at < bytes.length; at += size)
    await host.ok('UPLOAD_DATA', { offset: at, data: bytes.subarray(at, at + size) });
}

/** UPLOAD_BEGIN, all bytes, UPLOAD_COMMIT; gives the answer to the last. */
export async function upload(host: BareHost, bytes: Uint8Array, hash: number, fields = {}): Promise<Told> {
  const begin = { ...beginFields(bytes, hash), ...fields };
  const told = await host.ask('UPLOAD_BEGIN', begin);
  if (told.name !== 'UPLOAD_READY') return told;
  await sendBytes(host, bytes, told.fields.offset);
  return host.ask('UPLOAD_COMMIT', {});
}

export async function stateHash(host: BareHost): Promise<number> {
  return (await host.expectReply('STATE_HASH', {}, 'STATE_HASH_REPLY')).hash;
}

/** Waits until a run has come to this tick. */
export async function reached(host: BareHost, tick: number, signal: AbortSignal): Promise<void> {
  while ((await host.ok('PING', {})).tick < tick) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Fields of SPIKES_IN: these units at these ticks, ticks rising. */
export function spikesAt(pairs: readonly (readonly [tick: number, unit: number])[]) {
  const baseTick = pairs[0]?.[0] ?? 0;
  return {
    baseTick,
    groups: pairs.map(([tick, unit]) => ({ tickOffset: tick - baseTick, narrow: [unit], wide: [] })),
  };
}

export const runFields = { ticks: 1, hashEvery: 0, progressEvery: 0, options: 0 } as const;

/** A lockstep run that stands still for want of credit, with a hash a tick to fill the stream. */
export async function startStuckRun(host: BareHost): Promise<void> {
  host.autoCredit = false;
  await host.sayHello({ streamWindow: 0 });
  await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 0xffff_0000, hashEvery: 1 });
}

/** Ends it; gives its RUN_DONE. */
export async function endStuckRun(host: BareHost): Promise<MessageFields<'RUN_DONE'>> {
  await host.ok('STOP', {});
  host.autoCredit = true;
  await host.credit();
  return host.stream('RUN_DONE', 60_000);
}
