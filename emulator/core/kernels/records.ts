import { recordShape } from './record.js';

/** Where the record of the board stands in every memory. */
export const boardAddress = 32;

/** The board as the kernels see it. */
export const boardRecord = recordShape(
  'tick',
  'noiseOfTick',
  'learning',
  'm',
  'sum',
  'history',
  'cores',
  'inputRouteStart',
  'inputRoutes',
);

/** A thread's share: numbers of its cores that spiked in this tick, and what its cores counted in it. */
export const threadRecord = recordShape(
  'spiking',
  'spikingCount',
  'synapticEvents',
  'postEvents',
  'sweptSynapses',
);

/** A plan is a run of (kernel, record) pairs, from its address to its end. */
export const plans = [
  'deliver',
  'pre',
  'arrive',
  'neurons',
  'post',
  'spike',
  'near',
  'learn',
  'fade',
  'decay',
] as const;
export type PlanName = (typeof plans)[number];

export const coreRecord = recordShape(
  'number',
  'bits',
  'slotMask',
  'slotBytes',
  'marks',
  'slotMarks',
  'anyMarks',
  'delays',
  'routeStart',
  'routes',
  'due',
  'dueCount',
  'spiked',
  'spikeCount',
  'nearList',
  'nearCount',
  'synapticEvents',
  'postEvents',
  'sweptSynapses',
  'touched',
  ...plans,
  ...plans.map((name) => `${name}End` as const),
);

/** A run of neurons with the same parameters. Addresses are those of its first neuron. */
export const neuronRecord = recordShape(
  'core',
  'first',
  'count',
  'unit',
  'v',
  'i',
  'a',
  'refractory',
  'accumulator',
  'window',
  'awake',
  'vKeep',
  'vMask',
  'iKeep',
  'iMask',
  'aKeep',
  'aMask',
  'threshold',
  'resetValue',
  'refractoryTicks',
  'bias',
  'biases',
  'noise',
  'impulse',
  'width',
  'slope',
  'peak',
  'shift',
);

/** One trace of a run of neurons or axons. */
export const traceRecord = recordShape('core', 'first', 'count', 'trace', 'awake', 'keep', 'mask', 'impulse');

/** A synapse block. Neuron addresses are those of its first neuron, axon addresses those of its first axon. */
export const blockRecord = recordShape(
  'core',
  'firstAxon',
  'axonCount',
  'firstNeuron',
  'neuronCount',
  'rowStart',
  'targets',
  'weights',
  'tags',
  'tags2',
  'columnStart',
  'columnAxons',
  'columnSynapses',
  'accumulator',
  'awake',
  'chunkOffset',
  'chunks',
  'x1',
  'x2',
  'y1',
  'y2',
  'y3',
  'h',
  'l',
  'shift',
  'weight',
  'wMin',
  'wMax',
);

/** A sweep of a block: rows by the phase of their source, and the unit of each row. */
export const sweepRecord = recordShape(
  'block',
  'units',
  'rows',
  'phaseStart',
  'phaseMask',
  'periodMask',
  'period',
  'keep',
);
