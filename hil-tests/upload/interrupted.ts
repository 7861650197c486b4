import { encodeMessage } from '../../firmware-protocol/codec/message.js';
import { nextSequence } from '../../firmware-protocol/framing/sequence.js';
import { beginFields, sendBytes, upload } from '../conformance/loaded.js';
import { answerName, type BareHost } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { type HilCase, NotApplicable } from '../framework/suite.js';
import { drawOf } from '../lockstep/drawn-set.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
import { largeNetwork, unlimited } from '../networks/large.js';
import { practiceNetwork } from '../networks/practice.js';
import { shortHash, shortRun } from '../networks/short-run.js';

export const interruptedCases: readonly HilCase[] = [
  {
    name: 'an upload that breaks off anywhere goes on where it stopped',
    seconds: 600,
    async run(context) {
      const test = compileFor(context.target, practiceNetwork());
      const draw = drawOf(context.options.seed);
      const rounds = Math.max(5, Math.floor(context.options.mutations / 20));
      let breaks = 0;
      for (let n = 0; n < rounds; n++) {
        breaks += await uploadInPieces(context, test, draw.integer(1, 4), () => draw.integer(1, 1200));
        context.progress((n + 1) / rounds, `${n + 1} uploads, ${breaks} breaks`);
      }
      context.measure('uploads', rounds, 'uploads');
      context.measure('breaks in them', breaks, 'breaks');
    },
  },
  {
    name: 'another upload drops the one that broke off',
    async run(context) {
      const [one, two] = [1, 2].map((seed) => compileFor(context.target, practiceNetwork(seed)));
      const host = await context.host();
      const begin = async ({ bytes, image }: TestImage) =>
        (await host.expectReply('UPLOAD_BEGIN', beginFields(bytes, image.contentHash), 'UPLOAD_READY'))
          .offset;
      await begin(one!);
      await host.ok('UPLOAD_DATA', { offset: 0, data: one!.bytes.subarray(0, 500) });
      same(await begin(two!), 0, 'offset of another upload');
      await sendBytes(host, two!.bytes, 0);
      await host.ok('UPLOAD_COMMIT', {});
      same(await shortRun(host, two!.image), shortHash(two!.image), 'state hash of the other image');
      same(await begin(one!), 0, 'offset of the upload that was dropped');
      await host.ok('UPLOAD_CANCEL', {});
    },
  },
  {
    name: 'an upload that is not committed before a restart runs nothing of it',
    seconds: 120,
    async run(context) {
      const [running, other] = [3, 4].map((seed) => compileFor(context.target, practiceNetwork(seed)));
      const host = await context.host();
      same((await upload(host, running!.bytes, running!.image.contentHash)).name, 'OK', 'answer to an image');
      const fields = beginFields(other!.bytes, other!.image.contentHash);
      await host.expectReply('UPLOAD_BEGIN', fields, 'UPLOAD_READY');
      await sendBytes(host, other!.bytes, 0);
      await context.restart();
      const after = await context.host();
      check(after.hello.imageHash !== other!.image.contentHash, 'an upload without UPLOAD_COMMIT is in use');
      const answer = answerName(await upload(after, other!.bytes, other!.image.contentHash));
      same(answer, 'OK', 'answer to the image, sent again');
      same(await shortRun(after, other!.image), shortHash(other!.image), 'state hash of the image');
    },
  },
  {
    name: 'an image for another target is refused',
    async run(context) {
      const other = { ...context.target, id: context.target.id ^ 0x40 };
      const { bytes, image } = compileFor(other, practiceNetwork());
      const host = await context.host();
      const told = await upload(host, bytes, image.contentHash);
      same(answerName(told), 'WRONG_TARGET', 'answer to an image for another target');
      same(told.name === 'ERROR' && told.fields.detail, context.target.id, 'target in the detail');
    },
  },
  {
    name: 'an image that needs more memory than there is, is refused',
    seconds: 300,
    async run(context) {
      const { memoryBytes } = context.facts.info;
      if (memoryBytes === 0) throw new NotApplicable('the board does not say how much memory it has');
      const { bytes, image } = compileFor(unlimited(context.target), largeNetwork(memoryBytes));
      const host = await context.host();
      const told = await upload(host, bytes, image.contentHash);
      check(
        ['OUT_OF_MEMORY', 'TOO_LARGE'].includes(String(answerName(told))),
        'too large an image was taken',
        {
          bytes: bytes.length,
          memoryBytes,
          answer: answerName(told),
        },
      );
      await host.ok('UPLOAD_CANCEL', {});
      const practice = compileFor(context.target, practiceNetwork());
      same(
        (await upload(host, practice.bytes, practice.image.contentHash)).name,
        'OK',
        'a small image afterwards',
      );
    },
  },
];

/** Sends an image over several connections, each of which ends in the middle of a frame; gives how many there were. */
async function uploadInPieces(
  context: CaseContext,
  { bytes, image }: TestImage,
  pieces: number,
  pieceBytes: () => number,
): Promise<number> {
  const fields = beginFields(bytes, image.contentHash);
  let breaks = 0;
  let [acknowledged, sent] = [0, 0];
  for (;;) {
    const host = await context.host();
    const { offset } = await host.expectReply('UPLOAD_BEGIN', fields, 'UPLOAD_READY');
    if (breaks > 0)
      check(offset >= acknowledged && offset <= sent, 'the upload goes on at a place that cannot be', {
        offset,
        acknowledged,
        sent,
      });
    acknowledged = sent = offset;
    if (breaks === pieces || offset === bytes.length) {
      await sendBytes(host, bytes, offset);
      await host.ok('UPLOAD_COMMIT', {});
      same(await shortRun(host, image), shortHash(image), 'state hash of an image that came in pieces');
      return breaks;
    }
    const whole = Math.min(pieceBytes(), bytes.length - offset);
    for (const size = 200; sent - offset + size <= whole; ) {
      await host.ok('UPLOAD_DATA', { offset: sent, data: bytes.subarray(sent, sent + size) });
      sent += size;
      acknowledged = sent;
    }
    sent += await sendTorn(host, bytes, sent);
    breaks++;
    await host.close();
  }
}

/** A frame of which the end is missing, or that nobody waits for; gives the bytes the board may have taken. */
async function sendTorn(host: BareHost, bytes: Uint8Array, offset: number): Promise<number> {
  const data = bytes.subarray(offset, offset + 150);
  if (data.length === 0) return 0;
  const sequence = nextSequence(host.sequence);
  const frame = encodeMessage('UPLOAD_DATA', { offset, data }, { sequence });
  const torn = (offset & 1) === 0;
  await host.send(torn ? frame.subarray(0, frame.length >> 1) : frame);
  return torn ? 0 : data.length;
}
