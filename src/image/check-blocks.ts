import { checkRows } from './check-rows.js';
import { checkWeights } from './check-weights.js';
import { checkDecay, ensure } from './ensure.js';
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
  const { wMin, wMax, weightOffset, synapseCount } = block;
  const weights = core.weights16.subarray(weightOffset, weightOffset + synapseCount);
  for (let n = 0; n < weights.length; n++) {
    const weight = weights[n]!;
    if (weight < wMin || weight > wMax) throw damaged(`${where}: a weight is outside its bounds`);
  }
}

function names({ factor1, factor2, factor3 }: TermRecord, code: number): boolean {
  return factor1 === code || factor2 === code || factor3 === code;
}
