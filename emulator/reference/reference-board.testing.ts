import type { Image } from '../../src/image/image.js';
import { ReferenceEpisodes } from './reference-episodes.testing.js';
import { deliver, learningSignals, postAndNearEvents, sweeps } from './reference-learning.testing.js';
import { clear, updateChannels } from './reference-modulators.testing.js';
import { decayTraces, updateNeurons } from './reference-neurons.testing.js';
import { type Board, newBoard, populationOf, unitOf } from './reference-state.testing.js';
import { stateHash } from './reference-state-hash.testing.js';

type ControlEvent = readonly [code: number, population: number, argument: number];

/**
 * A second, independent reader of `docs/core.md`: as plain as can be, slow, and without any code of `emulator/core`,
 * whose oracle it is in the tests. Read it beside the document, section by section.
 */
export class ReferenceBoard {
  readonly board: Board;
  readonly episodes: ReferenceEpisodes | null;
  readonly #spikes = new Map<number, Set<number>>();
  readonly #rewards = new Map<number, Map<number, number>>();
  readonly #control = new Map<number, ControlEvent[]>();

  constructor(image: Image) {
    this.board = newBoard(image);
    const record = image.episodes[0];
    this.episodes = record === undefined ? null : new ReferenceEpisodes(this.board, record);
  }

  get tick(): number {
    return this.board.tick;
  }

  addSpike(tick: number, unit: number): void {
    this.#spikes.set(tick, (this.#spikes.get(tick) ?? new Set()).add(unit));
  }

  addReward(tick: number, channel: number, value: number): void {
    const rewards = this.#rewards.get(tick) ?? new Map<number, number>();
    this.#rewards.set(tick, rewards.set(channel, (rewards.get(channel) ?? 0) + value));
  }

  addControl(tick: number, code: number, population: number, argument: number): void {
    this.#control.set(tick, [...(this.#control.get(tick) ?? []), [code, population, argument]]);
  }

  /** Runs one tick (section 3); gives the output spikes, rising. */
  step(): number[] {
    const { board, episodes } = this;
    const position = episodes?.position() ?? null;
    if (position !== null) this.#putOff(episodes!.total);
    const replayed = position === null ? new Set<number>() : episodes!.spikesOf(position);

    learningSignals(board);
    for (const core of board.cores) deliver(board, core);
    for (const core of board.cores)
      updateNeurons(board, core, (population, unit) =>
        position !== null && board.image.populations[population]!.flags & 6 ? replayed.has(unit) : null,
      );
    for (const core of board.cores) postAndNearEvents(board, core);
    for (const core of board.cores) sweeps(board, core);

    for (const core of board.cores) decayTraces(board, core);
    const trigger = board.image.episodes[0]?.trigger ?? 65535;
    const feedback = updateChannels(board, this.#rewards.get(board.tick) ?? new Map(), trigger);
    const request = this.#controlEvents();
    if (position !== null) episodes!.goOn(position);
    else episodes?.feedbackOrRequest(feedback, request);

    const spikes = this.#route(replayed);
    if (position === null) episodes?.record(spikes);
    board.tick++;
    if (position !== null) return [];
    const { populations } = board.image;
    return spikes.filter((unit) => populations[populationOf(board.image, unit)]!.flags & 1);
  }

  /** Section 10. */
  stateHash(): number {
    return stateHash(this.board, this.episodes);
  }

  /** Section 13: what is stamped with a tick of a replay is stamped `total` later. */
  #putOff(total: number): void {
    const { tick } = this.board;
    const later = tick + total;
    for (const unit of this.#spikes.get(tick) ?? []) this.addSpike(later, unit);
    for (const [channel, value] of this.#rewards.get(tick) ?? []) this.addReward(later, channel, value);
    for (const event of this.#control.get(tick) ?? []) this.addControl(later, ...event);
    for (const events of [this.#spikes, this.#rewards, this.#control]) events.delete(tick);
  }

  /** Section 8, control events; gives the argument of the last REPLAY. */
  #controlEvents(): number | null {
    let request: number | null = null;
    const sorted = (this.#control.get(this.board.tick) ?? []).sort(
      (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2],
    );
    for (const [code, population, argument] of sorted) {
      if (code === 1) clear(this.board, population, argument);
      if (code === 2) this.board.learning = argument !== 0;
      if (code === 3 && argument === 0) this.episodes?.close();
      if (code === 3 && argument === 1) this.episodes?.empty();
      if (code === 4) request = argument;
    }
    return request;
  }

  /** Section 9; gives all spikes of this tick, rising. `replayed`: units F of section 13. */
  #route(replayed: ReadonlySet<number>): number[] {
    const { image, cores, tick } = this.board;
    const { populations, inputRouteStart, inputRoutes } = image;
    const send = (word: number) => {
      const core = cores[Math.floor(word / 2 ** 20)]!;
      const axon = word % 2 ** 20;
      const group = core.image.axonGroups.find((g) => axon >= g.firstAxon && axon < g.firstAxon + g.count)!;
      const due = tick + group.delay;
      core.pending.set(due, (core.pending.get(due) ?? new Set()).add(axon));
    };
    const isLine = (unit: number) => populations[populationOf(image, unit)]!.model === 3;
    const lines = new Set([...(this.#spikes.get(tick) ?? []), ...[...replayed].filter(isLine)]);
    const spikes = [...lines];
    for (const unit of lines) {
      const { firstUnit, firstInput } = populations[populationOf(image, unit)]!;
      const line = firstInput + unit - firstUnit;
      inputRoutes.slice(inputRouteStart[line], inputRouteStart[line + 1]).forEach(send);
    }
    for (const core of cores)
      for (const neuron of core.spiked) {
        const { routes, routeStart } = core.image;
        routes.slice(routeStart[neuron], routeStart[neuron + 1]).forEach(send);
        spikes.push(unitOf(core, neuron));
      }
    return spikes.sort((a, b) => a - b);
  }
}
