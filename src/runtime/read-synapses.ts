import type { Image } from '../image/image.js';
import { variableCodes } from '../image/layout.js';
import { inNeuronOrder, projectionIndex, type SynapseValues, synapseRuns } from './synapse-values.js';

/** Reads state as a board does (`docs/core.md`, section 11). */
export type StateReader = (
  core: number,
  variable: number,
  first: number,
  count: number,
) => Promise<Int32Array>;

/** Weights of a projection in membrane units, read from a board that holds `image`. Throws E0804 for an unknown name. */
export async function readWeights(
  image: Image,
  projection: string,
  read: StateReader,
): Promise<SynapseValues> {
  const { exponent } = image.host.projections[projectionIndex(image, projection)]!;
  const { plastic, ...synapses } = await readSynapses(image, projection, variableCodes.weight, read);
  if (!plastic) return scaled(synapses, 2 ** exponent);
  const acting = { ...synapses, values: synapses.values.map((value) => value >> 8) };
  return { ...scaled(acting, 2 ** exponent), fine: scaled(synapses, 2 ** (exponent - 8)).values };
}

/** Tags of a projection, in the units of its rule; 0 where it has none. Throws E0804 for an unknown name. */
export async function readTags(image: Image, projection: string, read: StateReader): Promise<SynapseValues> {
  const { tagExponent } = image.host.projections[projectionIndex(image, projection)]!;
  const { plastic, ...synapses } = await readSynapses(image, projection, variableCodes.tag, read);
  return scaled(synapses, plastic ? 2 ** (tagExponent ?? 0) : 0);
}

/** As `readTags`, of the second tags. */
export async function readTags2(image: Image, projection: string, read: StateReader): Promise<SynapseValues> {
  const { tag2Exponent } = image.host.projections[projectionIndex(image, projection)]!;
  const { plastic, ...synapses } = await readSynapses(image, projection, variableCodes.tag2, read);
  return scaled(synapses, plastic ? 2 ** (tag2Exponent ?? 0) : 0);
}

/** Values as the board keeps them. */
async function readSynapses(
  image: Image,
  projection: string,
  variable: number,
  read: StateReader,
): Promise<SynapseValues & { readonly plastic: boolean }> {
  const index = projectionIndex(image, projection);
  const runs = synapseRuns(image, index);
  const values: Float64Array[] = [];
  for (const { core, first, count } of runs)
    values.push(Float64Array.from(await read(core, variable, first, count)));
  return { ...inNeuronOrder(image, index, values), plastic: runs[0]?.plastic ?? false };
}

function scaled(synapses: SynapseValues, unit: number): SynapseValues {
  return { ...synapses, values: synapses.values.map((value) => value * unit) };
}
