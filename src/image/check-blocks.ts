import { checkDecay, checkStarts, ensure } from './ensure.js';
import type { BlockRecord, CoreImage, Image, TermRecord } from './image.js';
import { blockFlags, blockKindCodes, eventCodes, factorCodes, targetCodes } from './layout.js';
import { damaged } from './sections.js';

/** Checks the synapse blocks of a core and everything they point at. */
export function checkBlocks(core: CoreImage, image: Image, what: string): void {
  let next = 0;
  let nextPlastic = 0;
  const accumulated = new Float64Array(core.core.neuronCount);
  for (const [n, block] of core.blocks.entries()) {
    const where = `${what}, block ${n}`;
    ensure(block.firstSynapse === next, `${where} does not follow the one before it`);
    next += block.synapseCount;
    checkRuns(block, core, where);
    ensure(block.kind <= blockKindCodes.sparse && block.shift <= 23, `${where}: unknown kind or shift`);
    const plastic = (block.flags & blockFlags.plastic) !== 0;
    const weights = plastic ? core.weights16 : core.weights8;
    ensure(
      block.weightOffset + block.synapseCount <= weights.length,
      `${where}: its weights are out of range`,
    );
    if (plastic) {
      ensure(block.weightOffset === nextPlastic, `${where}: its weights do not follow those before it`);
      nextPlastic += block.synapseCount;
      checkPlastic(block, core, image, where);
    }
    if (block.kind === blockKindCodes.dense)
      ensure(block.synapseCount === block.axonCount * block.neuronCount, `${where}: a dense block has gaps`);
    else checkRows(block, core, where);
    checkWeights(block, core, accumulated, where);
  }
  ensure(next === core.core.synapseCount, `${what}: the blocks do not add up to the synapses`);
  ensure(nextPlastic === core.weights16.length, `${what}: plastic weights belong to no block`);
  ensure(
    accumulated.every((sum) => sum < 2 ** 31),
    `${what}: the input of a neuron can leave 32 bits`,
  );
}

function checkRuns(block: BlockRecord, core: CoreImage, where: string): void {
  const { firstAxon, axonCount, firstNeuron, neuronCount } = block;
  ensure(
    axonCount >= 1 && axonCount <= 65536 && neuronCount >= 1 && neuronCount <= 65536,
    `${where} is too large`,
  );
  const axonGroup = core.axonGroups.some(
    (group) => firstAxon >= group.firstAxon && firstAxon + axonCount <= group.firstAxon + group.count,
  );
  const neuronGroup = core.neuronGroups.some(
    (group) =>
      firstNeuron >= group.firstNeuron && firstNeuron + neuronCount <= group.firstNeuron + group.count,
  );
  ensure(axonGroup && neuronGroup, `${where} lies outside the axons or neurons of one group`);
}

function checkPlastic(block: BlockRecord, core: CoreImage, image: Image, where: string): void {
  const rule = image.rules[block.rule];
  ensure(rule !== undefined, `${where}: there is no rule ${block.rule}`);
  ensure(block.wMin <= block.wMax, `${where}: its weight bounds are reversed`);
  ensure(block.sweepPeriod <= 6, `${where}: its sweep period is out of range`);
  checkDecay(block.tagKeep, block.tagPeriod, where);
  checkDecay(block.tag2Keep, block.tag2Period, where);
  ensure(block.ratedPeriod <= 31, `${where}: its rated sweep is out of range`);
  const terms = image.terms.slice(rule.firstTerm, rule.firstTerm + rule.termCount);
  const uses = (target: number, factor: number) =>
    terms.some((term) => term.target === target || names(term, factor));
  ensure(
    !uses(targetCodes.t, factorCodes.t) || (block.flags & blockFlags.tag) !== 0,
    `${where}: its rule needs a tag`,
  );
  ensure(
    !uses(targetCodes.t2, factorCodes.t2) || (block.flags & blockFlags.tag2) !== 0,
    `${where}: its rule needs a second tag`,
  );
  ensure(
    block.sweepPeriod === image.network.signalPeriod ||
      !terms.some((term) => term.event === eventCodes.sweep && names(term, factorCodes.l)),
    `${where}: its sweeps do not keep time with the learning signals`,
  );
  const postTerms = terms.some(({ event }) => event === eventCodes.post || event === eventCodes.near);
  const transposed = (block.flags & blockFlags.transposed) !== 0;
  ensure(
    transposed === (postTerms && block.kind === blockKindCodes.sparse),
    `${where}: its transposed index does not match its rule`,
  );
  for (let n = block.weightOffset; n < block.weightOffset + block.synapseCount; n++) {
    const weight = core.weights16[n]!;
    if (weight < block.wMin || weight > block.wMax) throw damaged(`${where}: a weight is outside its bounds`);
  }
}

function names({ factor1, factor2, factor3 }: TermRecord, code: number): boolean {
  return factor1 === code || factor2 === code || factor3 === code;
}

function checkRows(block: BlockRecord, core: CoreImage, where: string): void {
  const { axonCount, neuronCount, synapseCount, rowOffset, targetOffset } = block;
  ensure(rowOffset + axonCount + 1 <= core.index.length, `${where}: its rows are out of range`);
  const rows = core.index.subarray(rowOffset, rowOffset + axonCount + 1);
  checkStarts(rows, synapseCount, `${where}, rows`);
  ensure(targetOffset + synapseCount <= core.targets.length, `${where}: its targets are out of range`);
  const targets = core.targets.subarray(targetOffset, targetOffset + synapseCount);
  for (const target of targets)
    if (target >= neuronCount) throw damaged(`${where}: a target is out of range`);
  if (!(block.flags & blockFlags.transposed)) return;

  const { columnOffset, columnSynapseOffset, columnAxonOffset } = block;
  ensure(
    columnOffset + neuronCount + 1 <= core.index.length &&
      columnSynapseOffset + synapseCount <= core.index.length &&
      columnAxonOffset + synapseCount <= core.columnAxons.length,
    `${where}: its columns are out of range`,
  );
  const columns = core.index.subarray(columnOffset, columnOffset + neuronCount + 1);
  checkStarts(columns, synapseCount, `${where}, columns`);
  // Each entry must name a synapse of this column and of its axon's row; distinct entries follow from rising order.
  for (let column = 0; column < neuronCount; column++) {
    let least = 0;
    for (let k = columns[column]!; k < columns[column + 1]!; k++) {
      const synapse = core.index[columnSynapseOffset + k]!;
      const axon = core.columnAxons[columnAxonOffset + k]!;
      if (synapse < least || synapse >= synapseCount || targets[synapse] !== column || axon >= axonCount)
        throw damaged(`${where}: its transposed index does not match its rows`);
      if (rows[axon]! > synapse || synapse >= rows[axon + 1]!)
        throw damaged(`${where}: its transposed index names a wrong axon`);
      least = synapse + 1;
    }
  }
}

/** Adds the largest magnitude of each synapse to its neuron, to prove that the accumulators cannot wrap. */
function checkWeights(block: BlockRecord, core: CoreImage, accumulated: Float64Array, where: string): void {
  const plastic = (block.flags & blockFlags.plastic) !== 0;
  const silent = (block.flags & blockFlags.silent) !== 0;
  const scale = 2 ** block.shift;
  const bound = Math.max(Math.abs(block.wMin >> 8), Math.abs(block.wMax >> 8)) * scale;
  for (let synapse = 0; synapse < block.synapseCount; synapse++) {
    const weight = plastic ? 0 : core.weights8[block.weightOffset + synapse]!;
    if (weight === -128) throw damaged(`${where}: a weight is out of range`);
    const target =
      block.kind === blockKindCodes.dense
        ? synapse % block.neuronCount
        : core.targets[block.targetOffset + synapse]!;
    if (silent) continue;
    const neuron = block.firstNeuron + target;
    accumulated[neuron] = accumulated[neuron]! + (plastic ? bound : Math.abs(weight) * scale);
  }
}
