import { resetCodes } from '../../../src/image/layout.js';
import { ofBoard } from './board-word.js';
import { forAwake } from './chunks.js';
import { coreRecord, neuronRecord } from './records.js';
import {
  constant,
  decay,
  firstLanes,
  keepNow,
  laneNumbers,
  noise,
  sat24,
  smallNoise,
  stateBounds,
} from './vector-arithmetic.js';
import type { Code, Local } from './wasm/code.js';
import { type Int, i16x8, i32, i32x4, type Vector, v128, zero } from './wasm/values.js';

/** What a run of neurons needs of the update; each combination gets a kernel of its own. */
export interface NeuronShape {
  readonly leaks: boolean;
  readonly exponential: boolean;
  readonly adaptive: boolean;
  readonly windowed: boolean;
  readonly noisy: boolean;
  readonly biases: boolean;
  readonly refractory: boolean;
  readonly spiking: boolean;
  readonly resetMode: number;
  readonly resetsToZero: boolean;
  /** The amplitude of the noise is below 2^17. */
  readonly smallNoise: boolean;
  /** At zero, without input, it stays at zero: chunks of it can sleep. */
  readonly rests: boolean;
}

const at = neuronRecord.at;
const unitFactor = 0xc2b2ae35 | 0;

/** Step 2 (`docs/core.md`, section 5) for a run of neurons, four at a time. */
export function writeNeuronKernel(shape: NeuronShape): (code: Code, record: Local<'i32'>) => void {
  return (code, record) => {
    const field = (name: keyof typeof at) => code.letInt(i32.load(record, at[name]));
    const splat = (name: keyof typeof at) => code.let(v128.load32Splat(record, at[name]));
    const tick = code.letInt(ofBoard('tick'));
    const core = field('core');
    const spiked = code.letInt(i32.load(core, coreRecord.at.spiked));
    const spikeCount = code.letInt(i32.load(core, coreRecord.at.spikeCount));
    const near = code.letInt(i32.load(core, coreRecord.at.nearList));
    const nearCount = code.letInt(i32.load(core, coreRecord.at.nearCount));
    const [v, i, a] = [field('v'), field('i'), field('a')];
    const [refractory, accumulator, window] = [field('refractory'), field('accumulator'), field('window')];
    const first = field('first');
    const bounds = stateBounds(code);
    const low16 = constant(code, 0xffff);
    const keep = (keepName: keyof typeof at, mask: keyof typeof at) =>
      constant(code, keepNow(tick, i32.load(record, at[keepName]), i32.load(record, at[mask])));
    const vKeep = shape.leaks ? keep('vKeep', 'vMask') : zero;
    const iKeep = shape.exponential ? keep('iKeep', 'iMask') : zero;
    const aKeep = shape.adaptive ? keep('aKeep', 'aMask') : zero;
    const threshold = splat('threshold');
    // One less than the threshold: to compare with it is one instruction, with the threshold it is two.
    const below = code.let(i32x4.sub(threshold, constant(code, 1)));
    const resetValue = splat('resetValue');
    const ticks = splat('refractoryTicks');
    const bias = splat('bias');
    const biases = field('biases');
    const impulse = splat('impulse');
    const amplitude = field('noise');
    const wholeAmplitude = splat('noise');
    const highAmplitude = constant(code, i32.shrU(amplitude, 15));
    const lowAmplitude = constant(code, i32.and(amplitude, 0x7fff));
    const [width, slope, peak] = [splat('width'), splat('slope'), splat('peak')];
    const shift = field('shift');
    const unit = field('unit');
    const noiseOfTick = code.letInt(ofBoard('noiseOfTick'));
    const hashInput = code.local('v128');
    const hashStep = constant(code, (unitFactor << 2) | 0);

    const four = (n: Local<'i32'>, live: Local<'v128'> | null, lanes: Vector | null) => {
      const keptLanes = (next: Vector, old: Vector) =>
        lanes === null ? next : v128.select(next, old, lanes);
      const gather = (left: Vector) => {
        if (live) code.set(live, v128.or(live, lanes === null ? left : v128.and(left, lanes)));
      };
      const byte4 = code.letInt(i32.shl(n, 2));
      const word = (array: Int) => i32.add(array, byte4);
      const arrived = code.let(v128.load(word(accumulator)));
      code.storeVector(word(accumulator), lanes === null ? zero : v128.andNot(arrived, lanes));
      let drive: Vector = code.let(sat24(arrived, bounds));
      if (shape.exponential) {
        const before = code.let(v128.load(word(i)));
        const current = code.let(sat24(i32x4.add(decay(code, before, iKeep, low16), drive), bounds));
        code.storeVector(word(i), keptLanes(current, before));
        gather(current);
        drive = current;
      }
      const membrane = code.let(v128.load(word(v)));
      let sum = i32x4.add(shape.leaks ? decay(code, membrane, vKeep, low16) : membrane, drive);
      sum = i32x4.add(sum, shape.biases ? v128.load(word(biases)) : bias);
      if (shape.noisy) {
        sum = i32x4.add(
          sum,
          shape.smallNoise
            ? smallNoise(code, hashInput, wholeAmplitude)
            : noise(code, hashInput, highAmplitude, lowAmplitude),
        );
        sum = code.let(sum);
        code.set(hashInput, i32x4.add(hashInput, hashStep));
      }
      const reached = code.let(sat24(sum, bounds));
      const adapted = shape.adaptive ? code.let(v128.load(word(a))) : zero;
      const level = shape.adaptive ? code.let(sat24(i32x4.add(threshold, adapted), bounds)) : threshold;
      const waiting = shape.refractory ? code.let(v128.load16x4U(i32.add(refractory, i32.shl(n, 1)))) : null;
      const waits = waiting && code.let(i32x4.gtS(waiting, zero));
      if (shape.windowed) {
        const distance = code.let(i32x4.abs(i32x4.sub(reached, level)));
        const steps = i32x4.minU(i32x4.shrU(distance, shift), low16);
        const fall = i32x4.shrU(i32x4.mul(steps, slope), 16);
        const inside = v128.andNot(i32x4.maxS(i32x4.sub(peak, fall), zero), i32x4.gtS(distance, width));
        const h = code.let(waits ? v128.andNot(inside, waits) : inside);
        const place = code.letInt(i32.add(window, i32.shl(n, 1)));
        const old = lanes === null ? zero : code.let(v128.load16x4U(place));
        const kept = code.let(keptLanes(h, old));
        code.storeHalf(place, i16x8.narrowS(kept, kept));
        list(code, i32x4.gtS(lanes === null ? h : v128.and(h, lanes), zero), near, nearCount, first, n);
      }
      let next: Vector = reached;
      let spikes: Vector | null = null;
      if (shape.spiking) {
        const above = shape.adaptive ? i32x4.geS(reached, level) : i32x4.gtS(reached, below);
        const ready = waits ? v128.andNot(above, waits) : above;
        spikes = code.let(lanes === null ? ready : v128.and(ready, lanes));
        if (shape.resetMode === resetCodes.hard)
          next = shape.resetsToZero ? v128.andNot(reached, spikes) : v128.select(resetValue, reached, spikes);
        else if (shape.resetMode === resetCodes.subtract)
          next = v128.select(sat24(i32x4.sub(reached, threshold), bounds), reached, spikes);
      }
      const after = code.let(waits ? v128.select(membrane, next, waits) : next);
      code.storeVector(word(v), keptLanes(after, membrane));
      gather(after);
      if (waiting && waits) {
        const less = i32x4.add(waiting, waits);
        // Who spikes did not wait.
        const left = code.let(keptLanes(spikes ? v128.or(less, v128.and(ticks, spikes)) : less, waiting));
        code.storeHalf(i32.add(refractory, i32.shl(n, 1)), i16x8.narrowU(left, left));
        gather(left);
      }
      if (shape.adaptive) {
        let fallen: Vector = code.let(decay(code, adapted as Local<'v128'>, aKeep, low16));
        if (spikes) fallen = code.let(v128.select(sat24(i32x4.add(fallen, impulse), bounds), fallen, spikes));
        code.storeVector(word(a), keptLanes(fallen, adapted));
        gather(fallen);
      }
      if (spikes) list(code, spikes, spiked, spikeCount, first, n);
    };
    const run = (from: Int, to: Local<'i32'>, live: Local<'v128'> | null) => {
      const n = code.letInt(from);
      if (shape.noisy) {
        const units = i32x4.add(i32x4.splat(i32.add(unit, n)), laneNumbers);
        const hashes = i32x4.mul(units, i32x4.splat(unitFactor));
        code.set(hashInput, i32x4.add(hashes, i32x4.splat(noiseOfTick)));
      }
      const whole = code.letInt(i32.add(n, i32.and(i32.sub(to, n), ~3)));
      code.upTo(n, whole, 4, () => four(n, live, null));
      code.if(i32.ltU(n, to), () => four(n, live, code.let(firstLanes(i32.sub(to, n)))));
    };
    if (shape.rests) forAwake(code, field('awake'), field('count'), run);
    else run(0, field('count'), null);
    code.store(core, spikeCount, coreRecord.at.spikeCount);
    if (shape.windowed) code.store(core, nearCount, coreRecord.at.nearCount);
  };
}

/** Appends the core-local numbers of the neurons n + lane whose lanes are set. */
function list(
  code: Code,
  lanes: Vector,
  numbers: Local<'i32'>,
  count: Local<'i32'>,
  first: Local<'i32'>,
  n: Local<'i32'>,
): void {
  const bits = code.letInt(i32x4.bitmask(lanes));
  code.if(bits, () => {
    // No branch for each lane: each writes its number, and only those that are set keep it.
    const neuron = code.letInt(i32.add(first, n));
    for (let lane = 0; lane < 4; lane++) {
      code.store(i32.add(numbers, i32.shl(count, 2)), i32.add(neuron, lane));
      code.advance(count, i32.and(i32.shrU(bits, lane), 1));
    }
  });
}
