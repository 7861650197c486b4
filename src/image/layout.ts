/**
 * The core image, declared once. Reader, writer, C header and `docs/image.md` come from these tables.
 * Little endian; every section starts at a multiple of 8; gaps are zero.
 */

export type FieldType = 'u8' | 'u16' | 'u32' | 'i8' | 'i16' | 'i32';

export interface FieldLayout {
  readonly name: string;
  readonly type: FieldType;
  readonly doc: string;
}

export interface RecordLayout {
  readonly name: string;
  readonly fields: readonly FieldLayout[];
}

export const fieldBytes = { u8: 1, u16: 2, u32: 4, i8: 1, i16: 2, i32: 4 } as const satisfies Record<
  FieldType,
  number
>;

/** 'ENGR' read as a little-endian u32. */
export const imageMagic = 0x52474e45;
export const imageVersion = 3;
/** The edition of `docs/core.md` an image is written for. */
export const coreVersion = 3;
/** Core number of a section that belongs to the whole board. */
export const boardWide = 0xffff;
/** Set in an axon's source word when this copy counts in the state hash (`docs/core.md`, section 10). */
export const primaryAxon = 0x8000_0000;
/** A route word is `core << routeAxonBits | axon`. */
export const routeAxonBits = 20;
/** Factor code that stands for "no third factor". */
export const noFactor = 255;

const f = <N extends string>(name: N, type: FieldType, doc: string) => ({ name, type, doc }) as const;

export const headerLayout = {
  name: 'header',
  fields: [
    f('magic', 'u32', "'ENGR'"),
    f('version', 'u16', 'format version'),
    f('coreVersion', 'u16', 'edition of docs/core.md'),
    f('targetId', 'u32', 'target the image was compiled for'),
    f('length', 'u32', 'bytes of the whole image'),
    f('sectionCount', 'u32', 'entries of the section table, which follows the header'),
    f('contentHash', 'u32', 'CRC-32 of everything after the header: the identity of the image'),
    f('reserved', 'u32', 'zero'),
    f('headerCrc', 'u32', 'CRC-32 of the header up to here'),
  ],
} as const satisfies RecordLayout;

export const sectionEntryLayout = {
  name: 'section entry',
  fields: [
    f('kind', 'u16', 'section kind'),
    f('core', 'u16', 'core number; 65535 for the whole board'),
    f('offset', 'u32', 'bytes from the start of the image, a multiple of 8'),
    f('length', 'u32', 'bytes without padding'),
    f('crc', 'u32', 'CRC-32 of those bytes'),
  ],
} as const satisfies RecordLayout;

export const networkLayout = {
  name: 'network',
  fields: [
    f('tickMicroseconds', 'u32', 'model time of a tick; 10 … 1,000,000'),
    f('seed', 'u32', 'seed of the counter hash'),
    f('coreCount', 'u32', 'cores; 1 … 4,095'),
    f('unitCount', 'u32', 'units of all populations; below 2^31'),
    f('inputCount', 'u32', 'units of input populations'),
    f('signalPeriod', 'u32', 'learning signals are means over 2^signalPeriod ticks; 0 … 6'),
  ],
} as const satisfies RecordLayout;

export const populationLayout = {
  name: 'population',
  fields: [
    f('firstUnit', 'u32', 'unit id of its first neuron or input line'),
    f('size', 'u32', 'units'),
    f('firstInput', 'u32', 'input populations: place of the first line in the input routes; else 0'),
    f('model', 'u8', '0 LIF, 1 held, 2 readout, 3 input'),
    f(
      'flags',
      'u8',
      'bit 0: its spikes leave the board, bit 1: the episodic buffer records them, bit 2: and they open an episode',
    ),
    f('reserved', 'u16', 'zero'),
  ],
} as const satisfies RecordLayout;

export const modulatorLayout = {
  name: 'modulator',
  fields: [
    f('keep', 'u32', 'decay of M; 65536: none'),
    f('gain', 'u32', 'share of the error taken into the baseline, / 65536; 0: no baseline'),
    f('errorNeuron', 'u32', 'error channel: the neuron it reads, core-local; else 0'),
    f('errorCore', 'u16', 'error channel: the core of that neuron; else 0'),
    f('gate', 'u16', 'error channel: channel that must not be 0; 65535: none, and for any other channel'),
    f('cadence', 'u8', 'decay every 2^cadence ticks'),
    f('flags', 'u8', 'bit 0: has a baseline, bit 1: error channel'),
    f(
      'errorShift',
      'i8',
      'error channel: V << errorShift, or V >> -errorShift, is in 2^-20; -23 … 7; else 0',
    ),
    f('reserved', 'u8', 'zero'),
  ],
} as const satisfies RecordLayout;

export const ruleLayout = {
  name: 'rule',
  fields: [f('firstTerm', 'u16', 'place in the term table'), f('termCount', 'u16', 'terms; 1 … 16')],
} as const satisfies RecordLayout;

export const termLayout = {
  name: 'term',
  fields: [
    f('target', 'u8', '0 W, 1 T, 2 T2'),
    f('event', 'u8', '0 pre, 1 post, 2 sweep, 3 near'),
    f('factor1', 'u8', 'factor code'),
    f('factor2', 'u8', 'factor code'),
    f('factor3', 'u8', 'factor code; 255: none'),
    f('mantissa', 'i8', '-127 … 127'),
    f('preShift', 'u8', '1 … 15 with a third factor, else 0'),
    f('shift', 'u8', '0 … 30'),
  ],
} as const satisfies RecordLayout;

export const probeLayout = {
  name: 'probe',
  fields: [
    f('first', 'u32', 'first index of the variable'),
    f('count', 'u32', 'values'),
    f('everyTicks', 'u32', 'a sample at ticks that are multiples of this'),
    f('core', 'u16', 'core number; 65535 for modulators'),
    f('variable', 'u8', 'state variable (docs/core.md, section 11)'),
    f('reserved', 'u8', 'zero'),
  ],
} as const satisfies RecordLayout;

export const episodesLayout = {
  name: 'episodes',
  fields: [
    f('slots', 'u16', 'episodes; 1 … 256'),
    f('events', 'u16', 'spikes of one episode; 1 … 4,096'),
    f('duration', 'u16', 'ticks that an episode is open for; 1 … 4,096'),
    f('settle', 'u16', 'quiet ticks after each replayed episode'),
    f('trigger', 'u16', 'modulator channel whose reward events are the feedback; 65535: none'),
    f('earlier', 'u8', 'earlier episodes replayed with each; 0 … 7'),
    f('speed', 'u8', 'replay 2^speed times as fast; 0 … 7'),
    f('clear', 'u8', 'bits of CLEAR, done before each replayed episode; 0 … 31'),
    f('flags', 'u8', 'bit 0: reverse'),
    f('reserved', 'u16', 'zero'),
  ],
} as const satisfies RecordLayout;

export const coreLayout = {
  name: 'core',
  fields: [
    f('neuronCount', 'u32', 'neurons'),
    f('axonCount', 'u32', 'axons; at most 2^20'),
    f('synapseCount', 'u32', 'synapses of all blocks'),
    f('maxDelay', 'u32', 'largest delay of its axon groups, 0 … 63'),
    f('memoryBytes', 'u32', 'memory the compiler counted (docs/compiler.md)'),
    f('reserved', 'u32', 'zero'),
  ],
} as const satisfies RecordLayout;

export const neuronGroupLayout = {
  name: 'neuron group',
  fields: [
    f('firstNeuron', 'u32', 'core-local number of its first neuron; groups follow each other without gaps'),
    f('count', 'u32', 'neurons'),
    f('firstUnit', 'u32', 'unit id of its first neuron'),
    f('vKeep', 'u32', 'decay of V'),
    f('iKeep', 'u32', 'decay of I'),
    f('threshold', 'i32', '1 … 2^23-1'),
    f('resetValue', 'i32', 'V after a spike, mode 0'),
    f('bias', 'i32', 'added each tick, unless there is a bias array'),
    f('noise', 'i32', 'amplitude of the noise; 0: none'),
    f('biasOffset', 'u32', 'flag 2: place of the first in the bias section'),
    f('initialOffset', 'u32', 'flag 4: place of the first in the initial section'),
    f('y1Keep', 'u32', 'decay of y1'),
    f('y2Keep', 'u32', 'decay of y2'),
    f('y3Keep', 'u32', 'decay of y3'),
    f('y1Impulse', 'i32', 'impulse of y1'),
    f('y2Impulse', 'i32', 'impulse of y2'),
    f('y3Impulse', 'i32', 'impulse of y3'),
    f('adaptKeep', 'u32', 'flag 8: decay of A'),
    f('adaptImpulse', 'i32', 'flag 8: what a spike adds to A'),
    f('windowWidth', 'u32', 'flag 16: |V - level| up to which h is not 0; 1 … 2^24-1'),
    f('population', 'u16', 'population number'),
    f('refractory', 'u16', 'refractory ticks'),
    f('windowPeak', 'u16', 'flag 16: h at the level; 1 … 32,767'),
    f('windowSlope', 'u16', 'flag 16: fall of h with the distance'),
    f(
      'signalChannel',
      'u16',
      'flag 32: channel whose mean is the own part of l of its first neuron; 65535: none',
    ),
    f('model', 'u8', '0 LIF, 1 held, 2 readout'),
    f(
      'flags',
      'u8',
      'bit 0: exponential synapse, bit 1: bias array, bit 2: initial array, bit 3: adaptive threshold, ' +
        'bit 4: window (has h), bit 5: signal (has l)',
    ),
    f('resetMode', 'u8', '0 to a value, 1 subtract the threshold, 2 none'),
    f('vCadence', 'u8', 'V decays every 2^vCadence ticks'),
    f('iCadence', 'u8', 'I decays every 2^iCadence ticks'),
    f('y1Mode', 'u8', '0 absent, 1 additive, 2 nearest'),
    f('y2Mode', 'u8', 'likewise'),
    f('y3Mode', 'u8', 'likewise'),
    f('y1Cadence', 'u8', 'y1 decays every 2^y1Cadence ticks'),
    f('y2Cadence', 'u8', 'likewise'),
    f('y3Cadence', 'u8', 'likewise'),
    f('adaptCadence', 'u8', 'A decays every 2^adaptCadence ticks'),
    f('windowShift', 'u8', 'flag 16: the distance is taken in steps of 2^windowShift; 0 … 15'),
    f('signalShift', 'u8', 'flag 32: shift of the sum of l; 0 … 30'),
  ],
} as const satisfies RecordLayout;

export const axonGroupLayout = {
  name: 'axon group',
  fields: [
    f('firstAxon', 'u32', 'core-local number of its first axon; groups follow each other without gaps'),
    f('count', 'u32', 'axons'),
    f('x1Keep', 'u32', 'decay of x1'),
    f('x2Keep', 'u32', 'decay of x2'),
    f('x1Impulse', 'i32', 'impulse of x1'),
    f('x2Impulse', 'i32', 'impulse of x2'),
    f('population', 'u16', 'source population'),
    f('delay', 'u8', '1 … 63 ticks'),
    f('x1Mode', 'u8', '0 absent, 1 additive, 2 nearest'),
    f('x2Mode', 'u8', 'likewise'),
    f('x1Cadence', 'u8', 'x1 decays every 2^x1Cadence ticks'),
    f('x2Cadence', 'u8', 'likewise'),
    f('reserved', 'u8', 'zero'),
  ],
} as const satisfies RecordLayout;

export const blockLayout = {
  name: 'synapse block',
  fields: [
    f('firstAxon', 'u32', 'first axon, core-local; the run lies inside one axon group'),
    f('axonCount', 'u32', 'axons; 1 … 65,536'),
    f('firstNeuron', 'u32', 'first neuron, core-local; the run lies inside one neuron group'),
    f('neuronCount', 'u32', 'neurons; 1 … 65,536'),
    f('firstSynapse', 'u32', 'core-local number of its first synapse; blocks follow each other without gaps'),
    f('synapseCount', 'u32', 'synapses; dense: axonCount · neuronCount'),
    f('weightOffset', 'u32', 'place of its first weight in the 8-bit (static) or 16-bit (plastic) weights'),
    f('rowOffset', 'u32', 'sparse: place of axonCount + 1 row starts in the index section'),
    f('targetOffset', 'u32', 'sparse: place of its first target in the target section'),
    f(
      'columnOffset',
      'u32',
      'sparse with post terms: place of neuronCount + 1 column starts in the index section',
    ),
    f(
      'columnSynapseOffset',
      'u32',
      'then: place of synapseCount synapse numbers, column by column, in the index section',
    ),
    f('columnAxonOffset', 'u32', 'then: place of their axons in the column-axon section'),
    f('tagKeep', 'u32', 'decay of T at each tag sweep; 65536: none'),
    f('tag2Keep', 'u32', 'decay of T2 at each of its sweeps; 65536: none, and without T2'),
    f('projection', 'u16', 'projection number'),
    f('rule', 'u16', 'plastic: rule number'),
    f('wMin', 'i16', 'plastic: lower bound of W'),
    f('wMax', 'i16', 'plastic: upper bound of W'),
    f('kind', 'u8', '0 dense, 1 sparse'),
    f(
      'flags',
      'u8',
      'bit 0: plastic, bit 1: has a tag, bit 2: has a transposed index, bit 3: feedback, bit 4: silent, bit 5: has T2',
    ),
    f('shift', 'u8', 'weight << shift goes to the accumulator; 0 … 23'),
    f('tagPeriod', 'u8', 'tag sweep every 2^tagPeriod ticks'),
    f('sweepPeriod', 'u8', 'modulated sweep every 2^sweepPeriod ticks; 0 … 6'),
    f('ratedPeriod', 'u8', 'rated sweep every 2^ratedPeriod ticks'),
    f('tag2Period', 'u8', 'second tag sweep every 2^tag2Period ticks'),
    f('reserved', 'u8', 'zero'),
    f('feedbackChannel', 'u16', 'feedback: channel of its first neuron; else 0'),
    f('reserved2', 'u16', 'zero'),
  ],
} as const satisfies RecordLayout;

/** How a section's bytes are read: records of a layout, one record, numbers, or text. */
export type SectionContent =
  | { readonly record: RecordLayout; readonly many: boolean }
  | { readonly numbers: FieldType }
  | { readonly text: 'utf-8' };

export interface SectionKind {
  readonly id: number;
  readonly scope: 'board' | 'core';
  readonly content: SectionContent;
  readonly doc: string;
}

const records = (record: RecordLayout) => ({ record, many: true }) as const;
const one = (record: RecordLayout) => ({ record, many: false }) as const;
const numbers = (type: FieldType) => ({ numbers: type }) as const;

/** Section kinds, in the order in which they stand in an image: board sections, then core by core. */
export const sectionKinds = {
  network: { id: 1, scope: 'board', content: one(networkLayout), doc: 'the network as a whole' },
  populations: {
    id: 2,
    scope: 'board',
    content: records(populationLayout),
    doc: 'in order of the description',
  },
  modulators: { id: 3, scope: 'board', content: records(modulatorLayout), doc: 'channels in order' },
  rules: { id: 4, scope: 'board', content: records(ruleLayout), doc: 'learning rules' },
  terms: { id: 5, scope: 'board', content: records(termLayout), doc: 'microcode of all rules' },
  inputRouteStart: {
    id: 6,
    scope: 'board',
    content: numbers('u32'),
    doc: 'inputCount + 1 places in the input routes',
  },
  inputRoutes: { id: 7, scope: 'board', content: numbers('u32'), doc: 'route words' },
  probes: { id: 8, scope: 'board', content: records(probeLayout), doc: 'probes that are on after loading' },
  host: {
    id: 9,
    scope: 'board',
    content: { text: 'utf-8' },
    doc: 'names and scales (JSON); the board skips it',
  },
  episodes: {
    id: 10,
    scope: 'board',
    content: records(episodesLayout),
    doc: 'the episodic buffer: one record, or none',
  },
  core: { id: 16, scope: 'core', content: one(coreLayout), doc: 'sizes' },
  neuronGroups: { id: 17, scope: 'core', content: records(neuronGroupLayout), doc: 'neuron groups in order' },
  axonGroups: { id: 18, scope: 'core', content: records(axonGroupLayout), doc: 'axon groups in order' },
  axons: { id: 19, scope: 'core', content: numbers('u32'), doc: 'source unit of each axon; bit 31: primary' },
  blocks: { id: 20, scope: 'core', content: records(blockLayout), doc: 'synapse blocks in order' },
  routeStart: { id: 21, scope: 'core', content: numbers('u32'), doc: 'neuronCount + 1 places in the routes' },
  routes: { id: 22, scope: 'core', content: numbers('u32'), doc: 'route words: core << 20 | axon' },
  bias: { id: 23, scope: 'core', content: numbers('i32'), doc: 'bias arrays' },
  initial: { id: 24, scope: 'core', content: numbers('i32'), doc: 'initial V arrays' },
  index: {
    id: 25,
    scope: 'core',
    content: numbers('u32'),
    doc: 'row starts, column starts, column synapses',
  },
  targets: {
    id: 26,
    scope: 'core',
    content: numbers('u16'),
    doc: 'sparse: neuron minus firstNeuron of the block',
  },
  weights8: { id: 27, scope: 'core', content: numbers('i8'), doc: 'static weights, row by row' },
  weights16: {
    id: 28,
    scope: 'core',
    content: numbers('i16'),
    doc: 'initial plastic weights W, row by row; plastic blocks in order, without gaps',
  },
  columnAxons: { id: 29, scope: 'core', content: numbers('u16'), doc: 'axon minus firstAxon of the block' },
} as const satisfies Record<string, SectionKind>;

export type SectionName = keyof typeof sectionKinds;

/** A channel or trigger number that stands for "none". */
export const noChannel = 0xffff;
/** Words of the episodic buffer before its slots (`docs/core.md`, section 13), and links of a replay at most. */
export const episodeWords = 17;
export const mostLinks = 8;
/** An event of an episode is `offset << episodeUnitBits | unit`. */
export const episodeUnitBits = 20;
export const episodeFlags = { reverse: 1 } as const;

/** Codes used in the records. */
export const modelCodes = { lif: 0, held: 1, readout: 2, input: 3 } as const;
export const resetCodes = { hard: 0, subtract: 1, none: 2 } as const;
export const traceModeCodes = { absent: 0, additive: 1, nearest: 2 } as const;
export const eventCodes = { pre: 0, post: 1, sweep: 2, near: 3 } as const;
export const targetCodes = { w: 0, t: 1, t2: 2 } as const;
export const blockKindCodes = { dense: 0, sparse: 1 } as const;
export const factorCodes = {
  one: 0,
  x1: 1,
  x2: 2,
  y1: 3,
  y2: 4,
  y3: 5,
  t: 6,
  w: 7,
  t2: 8,
  h: 9,
  l: 10,
  modulator: 16,
} as const;
export const populationFlags = { spikesOut: 1, recorded: 2, opens: 4 } as const;
export const modulatorFlags = { baseline: 1, error: 2 } as const;
export const neuronGroupFlags = {
  exponential: 1,
  biasArray: 2,
  initialArray: 4,
  adaptive: 8,
  window: 16,
  signal: 32,
} as const;
export const blockFlags = { plastic: 1, tag: 2, transposed: 4, feedback: 8, silent: 16, tag2: 32 } as const;
export const variableCodes = {
  v: 0,
  i: 1,
  refractory: 2,
  y1: 3,
  y2: 4,
  y3: 5,
  adaptation: 6,
  x1: 16,
  x2: 17,
  weight: 32,
  tag: 33,
  tag2: 34,
  modulator: 48,
  baseline: 49,
  episode: 52,
  episodeSlot: 53,
  episodeEvent: 54,
} as const;
export type VariableName = keyof typeof variableCodes;

/** Values of a record: every declared field is a number. */
export type RecordOf<L extends RecordLayout> = { [F in L['fields'][number]['name']]: number };

/** Bytes of one record; the fields are ordered so that each is naturally aligned. */
export function recordBytes(layout: RecordLayout): number {
  return layout.fields.reduce((sum, field) => sum + fieldBytes[field.type], 0);
}
