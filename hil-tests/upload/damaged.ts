import { isEngramError } from '../../src/errors/engram-error.js';
import type { Image } from '../../src/image/image.js';
import { readImage } from '../../src/image/read.js';
import { beginFields, stateHash, upload } from '../conformance/loaded.js';
import { answerName, type BareHost } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { Coverage } from '../lockstep/coverage.js';
import { drawnNetwork, drawOf } from '../lockstep/drawn-set.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
import { practiceNetwork } from '../networks/practice.js';
import { shortHash, shortRun } from '../networks/short-run.js';
import { mutatedImage } from './mutated-image.js';

const perOriginal = 20;
/** The board may refuse a sound image for these reasons alone. */
const tooMuch: readonly unknown[] = ['OUT_OF_MEMORY', 'TOO_LARGE'];

export const damagedCases: readonly HilCase[] = [
  {
    name: 'damaged images are refused, or are sound and run as the emulator runs them',
    seconds: 3600,
    run: tryImages,
  },
  {
    name: 'a damaged checkpoint is refused, and the state stays as it was',
    seconds: 600,
    run: tryCheckpoints,
  },
];

async function tryImages(context: CaseContext): Promise<void> {
  const { mutations, seed } = context.options;
  const draw = drawOf(seed);
  const coverage = new Coverage();
  const practice = compileFor(context.target, practiceNetwork());
  const host = await context.host();
  const refusals = new Map<string, number>();
  let original = practice;
  let [taken, tooLarge] = [0, 0];
  for (let n = 0; n < mutations; n++) {
    if (n % perOriginal === 0) {
      await checkSound(host, practice);
      if (n > 0) original = drawnNetwork(context.target, seed, n / perOriginal, coverage).test;
    }
    const bytes = mutatedImage(original.bytes, draw);
    const image = sound(bytes);
    const answer = answerName(await upload(host, bytes, n + 1));
    await host.ok('PING', {});
    if (answer === 'OK') {
      check(image !== null, 'a bad image was taken', { mutation: n });
      same(await shortRun(host, image!), shortHash(image!), `state hash of the image of mutation ${n}`);
      taken++;
    } else {
      refusals.set(String(answer), (refusals.get(String(answer)) ?? 0) + 1);
      check(image === null || tooMuch.includes(answer), 'a sound image was refused', { mutation: n, answer });
      if (image !== null) tooLarge++;
    }
    context.progress((n + 1) / mutations, `${n + 1} images, ${taken} of them sound`);
  }
  await checkSound(host, practice);
  context.measure('damaged images', mutations, 'images');
  context.measure('of them sound, and run alike', taken, 'images');
  if (tooLarge > 0) context.measure('of them sound, but too large for the board', tooLarge, 'images');
  for (const [reason, count] of refusals) context.measure(`refused as ${reason}`, count, 'images');
}

/** What the emulator takes it for; null where it would not run it. */
function sound(bytes: Uint8Array): Image | null {
  try {
    return readImage(bytes);
  } catch (error) {
    if (isEngramError(error)) return null;
    throw error;
  }
}

async function checkSound(host: BareHost, { bytes, image }: TestImage): Promise<void> {
  same((await upload(host, bytes, image.contentHash)).name, 'OK', 'answer to a sound image');
  same(await shortRun(host, image), shortHash(image), 'state hash of a sound image among damaged ones');
}

async function tryCheckpoints(context: CaseContext): Promise<void> {
  const test = compileFor(context.target, practiceNetwork());
  const { contentHash } = test.image;
  const board = await context.board();
  await board.load(test.bytes);
  await board.run(30);
  const bytes = await board.checkpoint();
  const host = await context.host();
  const send = async (content: Uint8Array) =>
    answerName(await upload(host, content, contentHash, beginFields(content, contentHash, 'CHECKPOINT')));
  const hash = await stateHash(host);
  const draw = drawOf(context.options.seed);
  const rounds = Math.max(10, Math.floor(context.options.mutations / 10));
  for (let n = 0; n < rounds; n++) {
    const at = draw.integer(1, bytes.length - 1);
    const damaged = bytes.slice();
    damaged[at] = damaged[at]! ^ (1 << draw.integer(0, 7));
    const content = draw.oneOf(damaged, damaged, bytes.slice(0, at), Uint8Array.of(...bytes, at & 0xff));
    const answer = await send(content);
    check(answer === 'FAILED_CHECK' || answer === 'WRONG_IMAGE', 'a damaged checkpoint', {
      byte: at,
      answer,
    });
    same(await stateHash(host), hash, 'state hash after a damaged checkpoint');
    context.progress((n + 1) / rounds, `${n + 1} checkpoints`);
  }
  same(await send(bytes), 'OK', 'answer to the sound checkpoint');
  same(await stateHash(host), hash, 'state hash after the sound checkpoint');
  context.measure('damaged checkpoints', rounds, 'checkpoints');
}
