import type { BlockRecord, Image, ModulatorRecord, NeuronGroupRecord } from '../../../src/image/image.js';
import {
  blockFlags,
  blockKindCodes,
  factorCodes,
  modelCodes,
  modulatorFlags,
  neuronGroupFlags,
  primaryAxon,
  resetCodes,
  traceModeCodes,
} from '../../../src/image/layout.js';
import { turnMask } from '../arithmetic.js';
import type { TermProgram } from '../program.js';
import type { CoreState, PlasticBlock } from '../state.js';
import type { BoardMemory } from './board-memory.js';
import { chunkBits, chunksOf, flagsHead } from './chunks.js';
import { type DeliverShape, type Waking, weightBias, writeDeliver } from './deliver-kernels.js';
import { writeColumns, writePreEvents } from './event-kernels.js';
import type { KernelTable } from './kernel-table.js';
import { type NeuronShape, writeNeuronKernel } from './neuron-kernel.js';
import {
  blockRecord,
  coreRecord,
  neuronRecord,
  type PlanName,
  plans,
  sweepRecord,
  traceRecord,
} from './records.js';
import { rowsByPhase } from './rows-by-phase.js';
import type { RuleShape } from './rule-context.js';
import { writeSweep, writeTagSweep } from './sweep-kernels.js';
import { markedBytes } from './tick-driver.js';
import { writeImpulses, writeTraceDecay } from './trace-kernels.js';

/** Addresses of what the kernels of a core read of its image. */
interface ImageCopies {
  readonly index: number;
  readonly targets: number;
  readonly columnAxons: number;
  readonly bias: number;
  readonly units: number;
}

/** Lays out, for one core, its record, the records of its parts, and the plans of kernels to run on them. */
export class CorePlan {
  /** Address of the core's record. */
  readonly address: number;
  readonly #state: CoreState;
  readonly #memory: BoardMemory;
  readonly #table: KernelTable;
  readonly #modulators: readonly ModulatorRecord[];
  readonly #copies: ImageCopies;
  readonly #plans = new Map<PlanName, number[]>(plans.map((name) => [name, []]));
  /** Flags of the sleeping and waking chunks. */
  readonly awake: Uint8Array[] = [];
  readonly #sleepers = new Map<NeuronGroupRecord, number>();

  constructor(
    state: CoreState,
    number: number,
    image: Image,
    delays: Uint8Array,
    memory: BoardMemory,
    table: KernelTable,
  ) {
    this.#state = state;
    this.#memory = memory;
    this.#table = table;
    this.#modulators = image.modulators;
    const core = state.image;
    this.#copies = {
      index: memory.copy(core.index),
      targets: memory.copy(core.targets),
      columnAxons: memory.copy(core.columnAxons),
      bias: memory.copy(core.bias),
      units: memory.copy(core.axons.map((word) => word & ~primaryAxon)),
    };
    const slotMarks = Math.ceil((4 * state.delayLine.wordsPerSlot) / markedBytes);
    this.address = memory.record(coreRecord, {
      ...(Object.fromEntries(Object.keys(coreRecord.at).map((name) => [name, 0])) as Record<
        keyof typeof coreRecord.at,
        number
      >),
      number,
      bits: state.delayLine.bits.byteOffset,
      slotMask: state.delayLine.slots - 1,
      slotBytes: 4 * state.delayLine.wordsPerSlot,
      marks: this.#flags(slotMarks * state.delayLine.slots),
      slotMarks,
      anyMarks: this.#flags(state.delayLine.slots),
      delays: memory.copy(delays),
      routeStart: memory.copy(core.routeStart),
      routes: memory.copy(core.routes),
      due: state.due.byteOffset,
      spiked: state.spiked.byteOffset,
      nearList: state.near.byteOffset,
    });
    for (const group of core.neuronGroups) this.#neurons(group);
    for (const group of core.axonGroups) this.#axonTraces(group);
    for (const block of state.staticBlocks)
      this.#deliver(block, this.#block(block, this.#staticWeights(block)));
    for (const plastic of state.plasticBlocks) this.#plastic(plastic);
    for (const [name, steps] of this.#plans) {
      const address = memory.copy(Int32Array.from(steps));
      memory.words[(this.address + coreRecord.at[name]) >>> 2] = address;
      memory.words[(this.address + coreRecord.at[`${name}End`]) >>> 2] = address + 4 * steps.length;
    }
  }

  #add(plan: PlanName, kernel: number, record: number): void {
    this.#plans.get(plan)!.push(kernel, record);
  }

  /** So many flags, each a byte, all set when the board is woken; eight of them are looked at in one, from any place. */
  #flags(count: number): number {
    const flags = this.#memory.uint8(flagsHead + count + 8);
    this.awake.push(flags.subarray(0, 1), flags.subarray(flagsHead, flagsHead + count));
    return flags.byteOffset + flagsHead;
  }

  #neurons(group: NeuronGroupRecord): void {
    const { image, v, i, adaptation, refractory, accumulator, window, y } = this.#state;
    const { firstNeuron: first, count, flags } = group;
    if (count === 0) return;
    const has = (flag: number) => (flags & flag) !== 0;
    const bias = has(neuronGroupFlags.biasArray)
      ? image.bias.subarray(group.biasOffset, group.biasOffset + count)
      : null;
    const noisy = group.noise !== 0;
    const windowed = has(neuronGroupFlags.window);
    const shape: NeuronShape = {
      leaks: group.vKeep !== 65536,
      exponential: has(neuronGroupFlags.exponential),
      adaptive: has(neuronGroupFlags.adaptive),
      windowed,
      noisy,
      biases: bias !== null,
      refractory: group.refractory > 0,
      spiking: group.model !== modelCodes.readout,
      resetMode: group.model === modelCodes.readout ? resetCodes.none : group.resetMode,
      resetsToZero: group.resetValue === 0,
      smallNoise: noisy && group.noise < 2 ** 17,
      rests: !noisy && !windowed && (bias === null ? group.bias === 0 : bias.every((value) => value === 0)),
    };
    const flagsOf = shape.rests ? this.#flags(chunksOf(count)) : null;
    if (flagsOf !== null) this.#sleepers.set(group, flagsOf);
    const kernel = this.#table.kernel('neurons', shape, writeNeuronKernel(shape));
    const record = this.#memory.record(neuronRecord, {
      core: this.address,
      first,
      count,
      unit: group.firstUnit,
      v: v.byteOffset + 4 * first,
      i: i.byteOffset + 4 * first,
      a: adaptation.byteOffset + 4 * first,
      refractory: refractory.byteOffset + 2 * first,
      accumulator: accumulator.byteOffset + 4 * first,
      window: window.byteOffset + 2 * first,
      awake: flagsOf ?? 0,
      vKeep: group.vKeep,
      vMask: turnMask(group.vCadence),
      iKeep: group.iKeep,
      iMask: turnMask(group.iCadence),
      aKeep: group.adaptKeep,
      aMask: turnMask(group.adaptCadence),
      threshold: group.threshold,
      resetValue: group.resetValue,
      refractoryTicks: group.refractory,
      bias: group.bias,
      biases: this.#copies.bias + 4 * group.biasOffset,
      noise: group.noise,
      impulse: group.adaptImpulse,
      width: group.windowWidth,
      slope: group.windowSlope,
      peak: group.windowPeak,
      shift: group.windowShift,
    });
    this.#add('neurons', kernel, record);
    const traces = [
      [y[0]!, group.y1Mode, group.y1Keep, group.y1Cadence, group.y1Impulse],
      [y[1]!, group.y2Mode, group.y2Keep, group.y2Cadence, group.y2Impulse],
      [y[2]!, group.y3Mode, group.y3Keep, group.y3Cadence, group.y3Impulse],
    ] as const;
    for (const trace of traces) this.#trace('spike', first, count, ...trace);
  }

  #axonTraces(group: CoreState['image']['axonGroups'][number]): void {
    const { x } = this.#state;
    const { firstAxon: first, count } = group;
    this.#trace('arrive', first, count, x[0]!, group.x1Mode, group.x1Keep, group.x1Cadence, group.x1Impulse);
    this.#trace('arrive', first, count, x[1]!, group.x2Mode, group.x2Keep, group.x2Cadence, group.x2Impulse);
  }

  #trace(
    plan: 'spike' | 'arrive',
    first: number,
    count: number,
    trace: Int32Array,
    mode: number,
    keep: number,
    cadence: number,
    impulse: number,
  ): void {
    if (mode === traceModeCodes.absent || count === 0) return;
    const additive = mode === traceModeCodes.additive;
    const record = this.#memory.record(traceRecord, {
      core: this.address,
      first,
      count,
      trace: trace.byteOffset + 4 * first,
      awake: this.#flags(chunksOf(count)),
      keep,
      mask: turnMask(cadence),
      impulse,
    });
    const list = plan === 'spike' ? 'spiked' : 'due';
    this.#add(plan, this.#table.kernel(`impulse ${list}`, additive, writeImpulses(list, additive)), record);
    this.#add('decay', this.#table.kernel('decay', null, writeTraceDecay()), record);
  }

  /** A copy of a static block's weights; biased, and without a sign, where rows are dense. */
  #staticWeights({ kind, weightOffset, synapseCount }: BlockRecord): number {
    const own = this.#state.image.weights8.subarray(weightOffset, weightOffset + synapseCount);
    if (kind === blockKindCodes.sparse) return this.#memory.copy(own);
    return this.#memory.copy(Uint8Array.from(own, (weight) => weight + weightBias));
  }

  /** The record of a block whose first weight stands at `weights`. */
  #block(block: BlockRecord, weights: number): number {
    const { accumulator, x, y, window, signal, tags, tags2, image } = this.#state;
    const { index, targets, columnAxons } = this.#copies;
    const { firstAxon, firstNeuron, neuronCount, weightOffset } = block;
    const plastic = (block.flags & blockFlags.plastic) !== 0;
    const group = groupOf(image.neuronGroups, firstNeuron);
    const place = firstNeuron - group.firstNeuron;
    return this.#memory.record(blockRecord, {
      core: this.address,
      firstAxon,
      axonCount: block.axonCount,
      firstNeuron,
      neuronCount,
      rowStart: index + 4 * block.rowOffset,
      targets: targets + 2 * block.targetOffset,
      weights,
      tags: tags.byteOffset + 2 * weightOffset,
      tags2: tags2.byteOffset + 2 * weightOffset,
      columnStart: index + 4 * block.columnOffset,
      columnAxons: columnAxons + 2 * block.columnAxonOffset,
      columnSynapses: index + 4 * block.columnSynapseOffset,
      accumulator: accumulator.byteOffset + 4 * firstNeuron,
      awake: this.#sleepers.get(group) ?? 0,
      chunkOffset: place,
      chunks: ((place + neuronCount - 1) >>> chunkBits) - (place >>> chunkBits) + 1,
      x1: x[0]!.byteOffset + 4 * firstAxon,
      x2: x[1]!.byteOffset + 4 * firstAxon,
      y1: y[0]!.byteOffset + 4 * firstNeuron,
      y2: y[1]!.byteOffset + 4 * firstNeuron,
      y3: y[2]!.byteOffset + 4 * firstNeuron,
      h: window.byteOffset + 2 * firstNeuron,
      l: signal.byteOffset + 2 * firstNeuron,
      shift: block.shift,
      weight: plastic ? 0 : (image.weights8[weightOffset] ?? 0) << block.shift,
      wMin: block.wMin,
      wMax: block.wMax,
    });
  }

  #deliver(block: BlockRecord, record: number): void {
    const { image } = this.#state;
    const dense = block.kind === blockKindCodes.dense;
    const plastic = (block.flags & blockFlags.plastic) !== 0;
    const own = image.weights8.subarray(block.weightOffset, block.weightOffset + block.synapseCount);
    const same = !plastic && !dense && own.every((weight) => weight === own[0]);
    const chunks = chunksOf(block.neuronCount);
    const sleeps = this.#sleepers.has(groupOf(image.neuronGroups, block.firstNeuron));
    const waking: Waking = !sleeps ? 'none' : block.synapseCount < chunks * block.axonCount ? 'each' : 'run';
    const shape: DeliverShape = {
      dense,
      weights: plastic ? 'plastic' : same ? 'same' : 'static',
      waking: dense && waking === 'each' ? 'run' : waking,
    };
    this.#add('deliver', this.#table.kernel('deliver', shape, writeDeliver(shape)), record);
  }

  #plastic(plastic: PlasticBlock): void {
    const { block, programs } = plastic;
    const record = this.#block(block, this.#state.weights.byteOffset + 2 * block.weightOffset);
    const silent = (block.flags & blockFlags.silent) !== 0;
    if (!silent) this.#deliver(block, record);
    const dense = block.kind === blockKindCodes.dense;
    if (programs.pre) {
      const shape = this.#rule(programs.pre, dense, true);
      const kernel = this.#table.kernel('pre', [shape, silent], writePreEvents(shape, silent));
      this.#add('pre', kernel, record);
    }
    for (const [plan, list] of [
      ['post', 'spiked'],
      ['near', 'near'],
    ] as const) {
      const program = programs[plan];
      if (!program) continue;
      const shape = this.#rule(program, dense, false);
      this.#add(plan, this.#table.kernel(plan, shape, writeColumns(shape, list)), record);
    }
    const { modulatedSweep, ratedSweep } = programs;
    if (modulatedSweep) {
      const shape = this.#rule(modulatedSweep, dense, false);
      const write = writeSweep(shape, true, modulatedSweep.usesL);
      const kernel = this.#table.kernel('modulated', shape, write);
      this.#add('learn', kernel, this.#sweep(block, record, block.sweepPeriod, 0));
    }
    if (ratedSweep) {
      const shape = this.#rule(ratedSweep, dense, false);
      const kernel = this.#table.kernel('rated', shape, writeSweep(shape, false, false));
      this.#add('learn', kernel, this.#sweep(block, record, block.ratedPeriod, 0));
    }
    for (const [name, decays, period, keep] of [
      ['tags', plastic.decaysTag, block.tagPeriod, block.tagKeep],
      ['tags2', plastic.decaysTag2, block.tag2Period, block.tag2Keep],
    ] as const) {
      if (!decays) continue;
      const kernel = this.#table.kernel(name, dense, writeTagSweep(dense, name));
      this.#add('fade', kernel, this.#sweep(block, record, period, keep));
    }
  }

  #rule(program: TermProgram, dense: boolean, isPre: boolean): RuleShape {
    const { x, y, window, signal, tags2 } = this.#state;
    const { x1, x2, y1, y2, y3, t2, h, l } = factorCodes;
    const absent = [
      ...(x[0]!.length === 0 ? [x1] : []),
      ...(x[1]!.length === 0 ? [x2] : []),
      ...[y1, y2, y3].filter((_, n) => y[n]!.length === 0),
      ...(isPre || window.length === 0 ? [h] : []),
      ...(signal.length === 0 ? [l] : []),
      ...(tags2.length === 0 ? [t2] : []),
    ];
    const errors = program.channels.filter(
      (channel) => (this.#modulators[channel]!.flags & modulatorFlags.error) !== 0,
    );
    return { terms: program.terms, dense, absent, errors, needsL: program.needsL };
  }

  #sweep(block: BlockRecord, record: number, period: number, keep: number): number {
    const units = this.#state.image.axons.subarray(block.firstAxon, block.firstAxon + block.axonCount);
    const { rows, phaseStart, phaseMask } = rowsByPhase(units, period);
    return this.#memory.record(sweepRecord, {
      block: record,
      units: this.#copies.units + 4 * block.firstAxon,
      rows: this.#memory.copy(rows),
      phaseStart: this.#memory.copy(phaseStart),
      phaseMask,
      periodMask: turnMask(period),
      period,
      keep,
    });
  }
}

/** The group that a neuron belongs to. */
function groupOf(groups: readonly NeuronGroupRecord[], neuron: number): NeuronGroupRecord {
  return groups.find(({ firstNeuron, count }) => neuron >= firstNeuron && neuron < firstNeuron + count)!;
}
