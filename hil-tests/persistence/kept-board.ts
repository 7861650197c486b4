import { Machine } from '../../emulator/core/machine.js';
import { helloReplyFlags } from '../../firmware-protocol/declaration/session.js';
import { runFields, stateHash, upload } from '../conformance/loaded.js';
import type { BareHost } from '../framework/bare-host.js';
import { check, fail, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
import { practiceNetwork, practiceSpikes } from '../networks/practice.js';

/** A state the board was in: enough to know it again, and to go on from it in the emulator. */
export interface KnownState {
  readonly test: TestImage;
  readonly tick: number;
  readonly hash: number;
  readonly checkpoint: Uint8Array;
}

/** A board with the practice network, and the emulator beside it. */
export class KeptBoard {
  host: BareHost;
  test: TestImage;
  readonly #context: CaseContext;
  #machine: Machine;

  private constructor(context: CaseContext, host: BareHost, test: TestImage) {
    this.#context = context;
    this.host = host;
    this.test = test;
    this.#machine = new Machine(test.image);
  }

  static async start(context: CaseContext, seed = 1): Promise<KeptBoard> {
    const host = await context.host();
    const kept = new KeptBoard(context, host, compileFor(context.target, practiceNetwork(seed)));
    await kept.load(seed);
    return kept;
  }

  async load(seed: number): Promise<void> {
    this.test = compileFor(this.#context.target, practiceNetwork(seed));
    same(
      (await upload(this.host, this.test.bytes, this.test.image.contentHash)).name,
      'OK',
      'answer to an image',
    );
    this.#machine = new Machine(this.test.image);
  }

  /** Runs both; the state must be the same after it. */
  async run(ticks: number): Promise<void> {
    const from = this.#machine.tick;
    const { ticks: at, units } = practiceSpikes(from, from + ticks);
    const groups = at.map((tick, n) => ({ tickOffset: tick - from, narrow: [units[n]!], wide: [] }));
    const most = 100;
    for (let n = 0; n < groups.length; n += most)
      await this.host.ok('SPIKES_IN', { baseTick: from, groups: groups.slice(n, n + most) });
    at.forEach((tick, n) => {
      this.#machine.addSpike(tick, units[n]!);
    });
    await this.host.ok('RUN_LOCKSTEP', { ...runFields, ticks });
    await this.host.runOutput();
    this.#machine.run(ticks);
    same(await stateHash(this.host), this.#machine.stateHash(), `state hash at tick ${this.#machine.tick}`);
  }

  /** The state it is in now, as the emulator has it. */
  state(): KnownState {
    const { tick } = this.#machine;
    return { test: this.test, tick, hash: this.#machine.stateHash(), checkpoint: this.#machine.checkpoint() };
  }

  /** After a restart: which of these states the board is in; null if it has no image. Goes on from it. */
  async find(...states: readonly KnownState[]): Promise<KnownState | null> {
    this.host = await this.#context.host();
    const { imageHash, tick, flags } = this.host.hello;
    if (imageHash === 0) return null;
    const hash = await stateHash(this.host);
    const found = states.find(
      (state) => state.test.image.contentHash === imageHash && state.tick === tick && state.hash === hash,
    );
    if (!found)
      fail('the board came back in a state that was never saved', {
        found: { imageHash, tick, hash },
        saved: states.map((state) => ({
          imageHash: state.test.image.contentHash,
          tick: state.tick,
          hash: state.hash,
        })),
      });
    check((flags & helloReplyFlags.value.RESTORED) !== 0, 'HELLO_REPLY does not say RESTORED');
    this.test = found.test;
    this.#machine = new Machine(found.test.image);
    this.#machine.restore(found.checkpoint);
    return found;
  }
}
