import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import type { Draw } from '../../src/network/drawn-values.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { suite } from '../framework/suite.js';
import { Coverage } from '../lockstep/coverage.js';
import { drawnNetwork } from '../lockstep/drawn-set.js';
import { Pair } from '../lockstep/pair.js';
import { drawTraffic } from '../lockstep/traffic.js';
import { askWrong } from '../lockstep/wrong-requests.js';
import { scriptPart } from '../replay/script.js';

const ticksOfTraffic = 4096;
/** Things done with one image before the next is loaded. */
const stepsPerImage = 40;

/** The same board, on and on. */
export const soak = suite('soak', 'mixed traffic, for as long as asked', [
  {
    name: 'runs, checkpoints, resets, new and resumed sessions, wrong requests and images leave nothing behind',
    seconds: 86_400,
    run,
  },
]);

async function run(context: CaseContext): Promise<void> {
  const { options } = context;
  const coverage = new Coverage();
  const start = performance.now();
  const share = () => Math.min(1, (performance.now() - start) / (options.soak * 1000));
  const done = new Map<string, number>();
  let [images, ticks, hashes] = [0, 0, 0];
  let first: Footprint | null = null;
  while (images < 2 || share() < 1) {
    // Every other image is the first: nothing of those between may be left.
    const number = images % 2 === 0 ? 0 : images;
    const fresh = number === 0 ? new Coverage() : coverage;
    const { test, draw } = drawnNetwork(context.target, options.seed + 7, number, fresh);
    const pair = await Pair.start({ board: await context.board(), test, ...context.limits, hashEvery: 16 });
    const soaked = new Soaked(context, pair, draw);
    if (number === 0) {
      const footprint = await soaked.footprint();
      if (first) same(footprint, first, 'free memory and queue with the first image, loaded again');
      first = footprint;
    }
    for (let step = 0; step < stepsPerImage && (share() < 1 || step < 10); step++) {
      const name = await soaked.step();
      done.set(name, (done.get(name) ?? 0) + 1);
      context.progress(share(), `${images + 1} images, ${ticks + soaked.ticks} ticks`);
    }
    await soaked.checkStatistics();
    ticks += soaked.ticks;
    hashes += pair.hashesCompared;
    images++;
  }
  context.measure('images', images, 'images');
  context.measure('ticks', ticks, 'ticks');
  context.measure('state hashes compared', hashes, 'hashes');
  for (const [name, count] of done) context.measure(name, count, 'times');
}

interface Footprint {
  readonly memoryFree: number;
  readonly inputFree: number;
}

/** One image on the board, and what is done with it. */
class Soaked {
  readonly #context: CaseContext;
  readonly #pair: Pair;
  readonly #draw: Draw;
  #traffic: ReturnType<typeof drawTraffic>;
  #wrong = 0;
  /** Ticks run in all, and since the statistics were zeroed. */
  ticks = 0;
  #counted = 0;

  constructor(context: CaseContext, pair: Pair, draw: Draw) {
    this.#context = context;
    this.#pair = pair;
    this.#draw = draw;
    this.#traffic = drawTraffic(draw, pair.test.image, ticksOfTraffic);
  }

  /** Does one thing, drawn; gives its name. */
  async step(): Promise<string> {
    const pair = this.#pair;
    const what = this.#draw.oneOf(
      'run',
      'run',
      'run',
      'wrong',
      'checkpoint',
      'reset',
      'session',
      'resume',
      'quiet',
    );
    switch (what) {
      case 'wrong': {
        const name = await askWrong(pair, this.#wrong++);
        return name === null ? 'requests passed over' : 'wrong requests';
      }
      case 'checkpoint': {
        const checkpoint = await pair.board.checkpoint();
        same(checkpoint, pair.machine.checkpoint(), 'checkpoint of the board');
        await pair.board.restore(checkpoint);
        pair.machine.restore(checkpoint);
        await pair.board.clearStatistics();
        this.#counted = 0;
        return 'checkpoints taken and restored';
      }
      case 'reset':
        await pair.reset();
        this.#counted = 0;
        return 'resets';
      case 'session':
        await this.#settle();
        pair.board = await this.#context.board();
        pair.board.useImage(pair.test.bytes);
        return 'new sessions';
      case 'resume':
        await this.#resume();
        return 'resumed sessions';
      case 'quiet':
        await this.#run(this.#draw.integer(1, 20), false);
        return 'runs without input';
      default:
        await this.#run(this.#draw.integer(1, 200), true);
        return 'runs';
    }
  }

  async #run(wanted: number, withInput: boolean): Promise<void> {
    const pair = this.#pair;
    const from = pair.tick;
    if (from + wanted >= ticksOfTraffic) {
      await pair.reset();
      this.#counted = 0;
      return this.#run(wanted, withInput);
    }
    const script = withInput ? this.#traffic.script : { spikes: [], rewards: [], controls: [], writes: [] };
    await pair.play(scriptPart(script, from, from + wanted), from + wanted);
    this.ticks += wanted;
    this.#counted += wanted;
  }

  /**
   * An answer says that the board has read all that was sent before it. A run ends with a CREDIT often enough, which
   * nobody answers; a line that ends then (QEMU drops what it has not handed to its UART) cuts that frame in two, and
   * the board rightly counts it.
   */
  async #settle(): Promise<void> {
    await this.#pair.board.ping();
  }

  /** The connection ends without a word, and another takes the session up. */
  async #resume(): Promise<void> {
    const { board } = this.#pair;
    await this.#settle();
    await board.resume(await this.#context.nextLine());
    await board.ping();
    check(board.tick === this.#pair.tick, 'the resumed session is at another tick', {
      board: board.tick,
      emulator: this.#pair.tick,
    });
  }

  async footprint(): Promise<Footprint> {
    const link = await this.#context.link();
    const { memoryFree } = (await link.request('INFO', {})).fields as MessageFields<'INFO_REPLY'>;
    const { inputFree } = (await link.request('PING', {})).fields as MessageFields<'OK'>;
    this.#pair.board = await this.#context.board();
    this.#pair.board.useImage(this.#pair.test.bytes);
    return { memoryFree, inputFree };
  }

  async checkStatistics(): Promise<void> {
    const found = await this.#pair.board.statistics();
    const expected = {
      ticks: this.#counted,
      lateEvents: 0,
      droppedEvents: 0,
      droppedRecords: 0,
      overrunTicks: 0,
    };
    const { ticks, lateEvents, droppedEvents, droppedRecords, overrunTicks } = found;
    same({ ticks, lateEvents, droppedEvents, droppedRecords, overrunTicks }, expected, 'statistics');
    const { discardedCrc, discardedCobs, discardedShort, discardedLong } = found;
    same([discardedCrc, discardedCobs, discardedShort, discardedLong], [0, 0, 0, 0], 'frames discarded');
  }
}
