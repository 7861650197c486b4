import { Machine } from '../../emulator/core/machine.js';
import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { type VariableName, variableCodes } from '../../src/image/layout.js';
import { readImage } from '../../src/image/read.js';
import type { LifDescription, NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';

type SynapseVariable = 'weight' | 'tag' | 'tag2';

/** A network on the emulated core, its synapses read in the units of the description. */
export interface Rig {
  /** A board just reset. */
  readonly start: () => Machine;
  /** Value of the first synapse of a projection. */
  readonly read: (machine: Machine, projection: string, variable: SynapseVariable) => number;
  /** Membrane of the first neuron of a population. */
  readonly membrane: (machine: Machine, population: string) => number;
  /** One unit of that variable: what the core can tell apart. */
  readonly unit: (projection: string, variable: SynapseVariable) => number;
}

export function rigOf(description: NetworkDescription): Rig {
  const image = readImage(compile(resolveNetwork(description), loadTarget('pico')).image);
  const find = (name: string) => {
    const projection = image.host.projections.findIndex((one) => one.name === name);
    const block = image.cores[0]!.blocks.find((one) => one.projection === projection);
    if (!block) throw new Error(`no projection '${name}' on core 0 of '${description.name}'`);
    return { block, host: image.host.projections[projection]! };
  };
  const unit = (name: string, variable: SynapseVariable) => {
    const { host } = find(name);
    const exponents = {
      weight: host.exponent - 8,
      tag: host.tagExponent,
      tag2: host.tag2Exponent ?? null,
    } as const;
    const exponent = exponents[variable];
    if (exponent === null) throw new Error(`projection '${name}' has no ${variable}`);
    return 2 ** exponent;
  };
  return {
    start: () => new Machine(image),
    read: (machine, name, variable) => {
      const code = variableCodes[variable satisfies VariableName];
      return machine.read(0, code, find(name).block.firstSynapse, 1)[0]! * unit(name, variable);
    },
    membrane: (machine, name) => {
      const population = image.host.populations.findIndex((one) => one.name === name);
      const group = image.cores[0]!.neuronGroups.find((one) => one.population === population);
      if (!group) throw new Error(`no population '${name}' on core 0 of '${description.name}'`);
      const [value] = machine.read(0, variableCodes.v, group.firstNeuron, 1);
      return value! * 2 ** -image.host.populations[population]!.exponent;
    },
    unit,
  };
}

/** A value of a reward event. */
export const reward = (value: number): number => Math.round(value * 2 ** 20);

/**
 * One plastic synapse whose arrivals do not move the membrane, and a teacher that makes its neuron spike at will: input
 * lines 0 and 1, each a tick ahead of what it does.
 */
export function pairRig(
  rule: string,
  parameters: Record<string, unknown>,
  { weight, weightRange }: { readonly weight: number; readonly weightRange: [number, number] },
  modulators: NonNullable<NetworkDescription['modulators']> = {},
  cell: Partial<LifDescription> = { tauMembrane: '1 ms' },
): Rig {
  return rigOf({
    engram: 1,
    name: 'pair',
    populations: {
      input: { model: 'input', size: 1 },
      teacher: { model: 'input', size: 1 },
      cell: { model: 'lif', size: 1, ...cell },
    },
    modulators,
    projections: {
      plastic: {
        from: 'input',
        to: 'cell',
        weight,
        silent: true,
        plasticity: { rule, weightRange, ...parameters },
      },
      teach: { from: 'teacher', to: 'cell', weight: 2 },
    },
  });
}

/** Change of the plastic weight of a `pairRig` by arrivals and spikes at those ticks. */
export function changeBy(rig: Rig, pre: readonly number[], post: readonly number[]): number {
  const machine = rig.start();
  for (const tick of pre) machine.addSpike(tick, 0);
  for (const tick of post) machine.addSpike(tick, 1);
  const before = rig.read(machine, 'plastic', 'weight');
  machine.run(Math.max(...pre, ...post) + 2);
  return rig.read(machine, 'plastic', 'weight') - before;
}
