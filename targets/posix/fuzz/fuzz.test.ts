import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Machine } from '../../../emulator/core/machine.js';
import { createDecoder } from '../../../firmware-protocol/codec/decode.js';
import { encodeMessage } from '../../../firmware-protocol/codec/message.js';
import type { Message, MessageInput } from '../../../firmware-protocol/codec/values.js';
import { protocolVersion } from '../../../firmware-protocol/declaration/frame.js';
import { type MessageName, messageNames, messages } from '../../../firmware-protocol/declaration/messages.js';
import { encodeFrame } from '../../../firmware-protocol/framing/frame.js';
import { FrameParser } from '../../../firmware-protocol/framing/parser.js';
import { compile } from '../../../src/compiler/compile.js';
import { loadTarget } from '../../../src/compiler/load-target.js';
import { crc32 } from '../../../src/image/checksum.js';
import type { Image } from '../../../src/image/image.js';
import { modelCodes } from '../../../src/image/layout.js';
import { readImage } from '../../../src/image/read.js';
import { packSections, type Section, unpackSections } from '../../../src/image/sections.js';
import { drawNetwork } from '../../../src/network/drawn-network.js';
import { resolveNetwork } from '../../../src/network/resolve.js';
import { type Draws, drawsOf } from '../../../src/tasks/draws.js';
import { haveCompiler } from '../../../tests/c-compiler.testing.js';
import { buildPosix } from '../build.js';

/** The sanitized core, fed from memory by fuzz.c. A sanitizer that finds something ends it with a status and a text. */

const runTicks = 20;

/** A conversation: requests of one session in order, one record a frame. */
class Script {
  readonly records: Uint8Array[] = [];
  #sequence = 0;

  hello(session: number): void {
    this.#sequence = 0;
    const fields = {
      ...protocolVersion,
      maxPayload: 1024,
      session,
      streamWindow: 1 << 20,
      flags: 0,
      host: 'fuzz',
    };
    this.records.push(Uint8Array.of(0, ...encodeMessage('HELLO', fields, { sequence: 0 })));
  }

  ask<N extends MessageName>(name: N, fields: MessageInput<N>): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.records.push(encodeMessage(name, fields, { sequence: this.#sequence }));
  }

  upload(image: Uint8Array): void {
    this.ask('UPLOAD_BEGIN', { kind: 1, total: image.length, crc: crc32(image), hash: 1 });
    for (let offset = 0; offset < image.length; offset += 1000)
      this.ask('UPLOAD_DATA', { offset, data: image.subarray(offset, offset + 1000) });
    this.ask('UPLOAD_COMMIT', {});
  }

  get commitSequence(): number {
    return this.#sequence;
  }
}

/** What the board said, split by the sessions it opened. */
function converse(program: string, records: readonly Uint8Array[]): Map<number, Message[]> {
  const input = Buffer.concat(
    records.flatMap((record) => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(record.length);
      return [size, record];
    }),
  );
  const { status, signal, stdout, stderr } = spawnSync(program, { input, maxBuffer: 1 << 30 });
  expect(stderr.toString().slice(0, 4000), 'what the sanitizers say').toBe('');
  expect([status, signal]).toEqual([0, null]);
  const decoder = createDecoder();
  const sessions = new Map<number, Message[]>();
  let current: Message[] = [];
  for (const event of new FrameParser(4096).push(stdout)) {
    if (event.kind !== 'frame') continue;
    const message = decoder.decode(event);
    if (message.name === 'MALFORMED') throw new Error(`the board sent a malformed message: ${message.text}`);
    if (message.name === 'HELLO_REPLY') {
      current = [];
      sessions.set(message.fields.session, current);
    }
    current.push(Object.assign(message, { sequence: event.sequence }));
  }
  return sessions;
}

function drawImage(draws: Draws): Uint8Array {
  const target = loadTarget('posix');
  for (;;)
    try {
      return compile(
        resolveNetwork(
          drawNetwork({
            integer: (low, high) => draws.integer(low, high),
            real: (low, high) => Number((low + draws.uniform() * (high - low)).toPrecision(6)),
            oneOf: (...choices) => choices[draws.integer(0, choices.length - 1)]!,
            flag: () => draws.uniform() < 0.5,
          }),
        ),
        target,
      ).image;
    } catch {
      // A number the core cannot hold: the next one.
    }
}

/** Sections of numbers that are no offsets, counts or codes: most of an image, and least able to do harm. */
const values = ['host', 'bias', 'initial', 'weights8', 'weights16'];
const edges = [0, 1, 2, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/** Changes one to three places of the sections a board reads, and makes the checksums right again. */
function mutated(image: Uint8Array, draws: Draws): Uint8Array {
  const { header, sections } = unpackSections(image);
  const changed: Section[] = sections.map((section) => ({ ...section, bytes: section.bytes.slice() }));
  const mutable = changed.filter(({ name, bytes }) => name !== 'host' && bytes.length > 0);
  const structural = mutable.filter(({ name }) => !values.includes(name));
  // Of all records a block has the most to go wrong.
  const blocks = mutable.filter(({ name }) => name === 'blocks');
  for (let n = draws.integer(1, 3); n > 0; n--) {
    const { bytes } = oneOf(draws, oneOf(draws, [blocks, structural, structural, mutable]));
    const at = draws.integer(0, bytes.length - 1);
    if (draws.uniform() < 0.4)
      bytes[at] = draws.uniform() < 0.5 ? bytes[at]! ^ (1 << draws.integer(0, 7)) : draws.integer(0, 255);
    else changeWord(bytes, at, draws);
  }
  return packSections(header.targetId, changed);
}

/** An aligned number becomes one more, one less, or one at the edge of a type. */
function changeWord(bytes: Uint8Array, at: number, draws: Draws): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const step = draws.uniform();
  const change = (old: number) =>
    step < 0.25 ? old + 1 : step < 0.5 ? old - 1 : edges[draws.integer(0, edges.length - 1)]!;
  if (draws.uniform() < 0.6 && (at & ~3) + 4 <= bytes.length)
    view.setUint32(at & ~3, change(view.getUint32(at & ~3, true)), true);
  else if ((at & ~1) + 2 <= bytes.length)
    view.setUint16(at & ~1, change(view.getUint16(at & ~1, true)), true);
}

function oneOf<T>(draws: Draws, choices: readonly T[]): T {
  return choices[draws.integer(0, choices.length - 1)]!;
}

function accepted(bytes: Uint8Array): Image | null {
  try {
    return readImage(bytes);
  } catch {
    return null;
  }
}

function inputsOf(image: Image): number[] {
  return image.populations
    .filter(({ model }) => model === modelCodes.input)
    .flatMap(({ firstUnit, size }) => Array.from({ length: size }, (_, n) => firstUnit + n));
}

test('2,000 damaged images with right checksums: the C core takes exactly those that the emulator takes, and runs them alike', async () => {
  if (!haveCompiler()) return;
  const program = await buildPosix('fuzz', 'sanitized');
  const draws = drawsOf(4711);
  const script = new Script();
  const images: { bytes: Uint8Array; commit: number; run: boolean }[] = [];
  let original = drawImage(draws);
  for (let n = 0; n < 2000; n++) {
    if (n % 10 === 0) original = drawImage(draws);
    const bytes = mutated(original, draws);
    const image = accepted(bytes);
    script.hello(n + 1);
    script.upload(bytes);
    images.push({ bytes, commit: script.commitSequence, run: image !== null });
    const units = image === null ? [] : inputsOf(image).slice(0, 200);
    if (image !== null) {
      for (let tick = 0; tick < runTicks; tick += 2)
        script.ask('SPIKES_IN', { baseTick: tick, groups: [{ tickOffset: 0, narrow: units, wide: [] }] });
      script.ask('RUN_LOCKSTEP', { ticks: runTicks, hashEvery: 0, progressEvery: 0, options: 1 });
      script.ask('PING', {});
    }
  }
  const sessions = converse(program, script.records);
  let taken = 0;
  let tooLarge = 0;
  images.forEach(({ bytes, commit, run }, n) => {
    const told = sessions.get(n + 1);
    expect(told, `the board answers before image ${n}`).toBeDefined();
    const refusal = told!.find((message) => message.name === 'ERROR' && sequenceOf(message) === commit);
    const code = refusal?.name === 'ERROR' ? refusal.fields.code : 0;
    // Memory is the board's business, not the image reader's.
    if (code === 28 && run) {
      tooLarge++;
      return;
    }
    const says = refusal?.name === 'ERROR' ? `${code} ${refusal.fields.text}` : 'taken';
    expect(code === 0, `image ${n}: ${says}`).toBe(run);
    if (!run) return;
    taken++;
    const machine = new Machine(readImage(bytes));
    const units = inputsOf(machine.image).slice(0, 200);
    for (let tick = 0; tick < runTicks; tick += 2) for (const unit of units) machine.addSpike(tick, unit);
    machine.run(runTicks);
    const done = told!.find(({ name }) => name === 'RUN_DONE');
    expect(done?.name === 'RUN_DONE' && done.fields.hash, `state of image ${n}`).toBe(machine.stateHash());
  });
  expect(taken).toBeGreaterThan(200);
  expect(taken).toBeLessThan(1900);
  expect(tooLarge).toBeLessThan(20);
});

test('10,000 damaged and random frames: the core answers after each', async () => {
  if (!haveCompiler()) return;
  const program = await buildPosix('fuzz', 'sanitized');
  const draws = drawsOf(42);
  const script = new Script();
  const image = drawImage(draws);
  const frames = 10_000;
  for (let n = 0; n < frames; n++) {
    script.hello(n + 1);
    if (n % 500 === 0) {
      // Some of the frames before may have begun a run or a download, or unloaded the image.
      script.ask('STOP', {});
      script.ask('DOWNLOAD_END', {});
      script.upload(image);
    }
    script.records.push(badFrame(draws));
  }
  script.hello(frames + 1);
  const sessions = converse(program, script.records);
  for (let n = 1; n <= frames + 1; n++) expect(sessions.has(n), `HELLO ${n}`).toBe(true);
  const answers = [...sessions.values()].flat();
  expect(answers.filter(({ name }) => name === 'ERROR').length).toBeGreaterThan(1000);
  expect(answers.filter(({ name }) => name === 'OK').length).toBeGreaterThan(100);
});

/** Noise, a frame with damage, or one that is whole and means nothing good. */
function badFrame(draws: Draws): Uint8Array {
  const bytes = (most: number) =>
    Uint8Array.from({ length: draws.integer(0, most) }, () => draws.integer(0, 255));
  const kind = draws.uniform();
  if (kind < 0.15) return Uint8Array.of(...bytes(1500), 0);
  const name = messageNames[draws.integer(0, messageNames.length - 1)]!;
  // HELLO would open a session of its own, REBOOT is over before the next can be told apart.
  const type = name === 'HELLO' || name === 'REBOOT' ? draws.integer(0x60, 0xff) : messages[name].id;
  const payload = kind < 0.4 ? bytes(40) : likely(draws, bytes(30));
  const frame = encodeFrame({ type, flags: draws.integer(0, 3), sequence: draws.integer(0, 3), payload });
  if (kind > 0.8) frame[draws.integer(0, frame.length - 1)] = draws.integer(0, 255);
  return kind > 0.9 ? Uint8Array.of(...frame.subarray(0, draws.integer(0, frame.length - 1)), 0) : frame;
}

/** Small numbers at the usual places, so that many get past the first checks. */
function likely(draws: Draws, payload: Uint8Array): Uint8Array {
  return payload.map((byte, n) =>
    n % 4 === 0 ? byte % draws.integer(1, 64) : draws.uniform() < 0.8 ? 0 : byte,
  );
}

function sequenceOf(message: Message): number {
  return (message as Message & { sequence: number }).sequence;
}
