import { checkBlocks } from './check-blocks.js';
import { checkFeedback } from './check-feedback.js';
import { checkDecay, checkStarts, checkTrace, ensure, stateMax } from './ensure.js';
import type { CoreImage, Image, ModulatorRecord, NeuronGroupRecord, ProbeRecord } from './image.js';
import {
  boardWide,
  episodeUnitBits,
  eventCodes,
  factorCodes,
  modelCodes,
  modulatorFlags,
  mostLinks,
  neuronGroupFlags,
  noChannel,
  noFactor,
  populationFlags,
  primaryAxon,
  resetCodes,
  routeAxonBits,
  targetCodes,
  variableCodes,
} from './layout.js';
import { damaged } from './sections.js';

/**
 * Checks every index, count and range of an image, so that a board that runs it stays inside its memory and
 * inside the number ranges of `docs/core.md`. The firmware's loader makes the same checks.
 */
export function checkImage(image: Image): void {
  const { network } = image;
  ensure(
    network.tickMicroseconds >= 10 && network.tickMicroseconds <= 1_000_000,
    'the tick length is out of range',
  );
  ensure(network.coreCount >= 1 && network.coreCount <= 4095, 'the number of cores is out of range');
  ensure(network.unitCount < primaryAxon, 'there are too many units');
  ensure(network.signalPeriod <= 6, 'the period of the learning signals is out of range');
  checkPopulations(image);
  for (const [n, modulator] of image.modulators.entries()) {
    checkDecay(modulator.keep, modulator.cadence, `modulator ${n}`);
    ensure(modulator.gain <= 65536, `modulator ${n}: the gain is out of range`);
    checkErrorChannel(modulator, image, `modulator ${n}`);
  }
  ensure(image.modulators.length <= noFactor - factorCodes.modulator, 'there are too many modulators');
  checkRules(image);
  checkRoutes(image.inputRouteStart, image.inputRoutes, network.inputCount, image, 'input');
  image.cores.forEach((core, n) => {
    checkCore(core, image, `core ${n}`);
  });
  checkFeedback(image);
  checkEpisodes(image);
  image.probes.forEach((probe, n) => {
    checkProbe(probe, image, `probe ${n}`);
  });
}

function checkPopulations({ network, populations }: Image): void {
  let unit = 0;
  let input = 0;
  for (const [n, population] of populations.entries()) {
    ensure(population.model <= modelCodes.input, `population ${n}: unknown model ${population.model}`);
    ensure(population.firstUnit === unit, `population ${n} does not follow the one before it`);
    unit += population.size;
    const isInput = population.model === modelCodes.input;
    ensure(population.firstInput === (isInput ? input : 0), `population ${n}: its input lines are misplaced`);
    if (isInput) input += population.size;
  }
  ensure(unit === network.unitCount, 'the populations do not add up to the units');
  ensure(input === network.inputCount, 'the input populations do not add up to the input lines');
}

function checkRules({ rules, terms, modulators }: Image): void {
  for (const [n, rule] of rules.entries())
    ensure(
      rule.termCount >= 1 && rule.termCount <= 16 && rule.firstTerm + rule.termCount <= terms.length,
      `rule ${n}: its terms are out of range`,
    );
  const known = (code: number) =>
    code <= factorCodes.l ||
    (code >= factorCodes.modulator && code < factorCodes.modulator + modulators.length);
  for (const [n, term] of terms.entries()) {
    const third = term.factor3 !== noFactor;
    ensure(
      term.target <= targetCodes.t2 &&
        term.event <= eventCodes.near &&
        known(term.factor1) &&
        known(term.factor2) &&
        (!third || known(term.factor3)) &&
        term.mantissa !== -128 &&
        (third ? term.preShift >= 1 && term.preShift <= 15 : term.preShift === 0) &&
        term.shift <= 30,
      `term ${n} is not valid`,
    );
  }
}

/** Start places rise from 0 to the number of routes, and every route ends at an axon. */
function checkRoutes(
  start: Uint32Array,
  routes: Uint32Array,
  sources: number,
  image: Image,
  what: string,
): void {
  ensure(start.length === sources + 1, `${what} routes: the number of sources is wrong`);
  checkStarts(start, routes.length, `${what} routes`);
  const axonMask = (1 << routeAxonBits) - 1;
  const axonsOf = Uint32Array.from(image.cores, ({ axons }) => axons.length);
  for (let n = 0; n < routes.length; n++) {
    const route = routes[n]!;
    const core = route >>> routeAxonBits;
    if (core >= axonsOf.length || (route & axonMask) >= axonsOf[core]!)
      throw damaged(`${what} routes: a route leads nowhere`);
  }
}

function checkCore(core: CoreImage, image: Image, what: string): void {
  const { neuronCount, axonCount, maxDelay } = core.core;
  ensure(
    axonCount === core.axons.length && axonCount <= 1 << routeAxonBits,
    `${what}: the number of axons is wrong`,
  );
  ensure(neuronCount <= image.network.unitCount, `${what}: it has more neurons than there are units`);
  checkNeuronGroups(core, image, what);
  checkAxonGroups(core, image, what);
  ensure(
    maxDelay === core.axonGroups.reduce((max, group) => Math.max(max, group.delay), 0),
    `${what}: the largest delay is wrong`,
  );
  checkRoutes(core.routeStart, core.routes, neuronCount, image, what);
  checkBlocks(core, image, what);
}

function checkNeuronGroups(core: CoreImage, image: Image, what: string): void {
  let next = 0;
  let leastUnit = 0;
  for (const [n, group] of core.neuronGroups.entries()) {
    const where = `${what}, neuron group ${n}`;
    const population = image.populations[group.population];
    ensure(group.firstNeuron === next, `${where} does not follow the one before it`);
    next += group.count;
    ensure(population !== undefined && population.model === group.model, `${where}: its population is wrong`);
    ensure(
      group.model < modelCodes.input && group.resetMode <= resetCodes.none,
      `${where}: unknown model or reset`,
    );
    ensure(
      group.firstUnit >= population.firstUnit &&
        group.firstUnit + group.count <= population.firstUnit + population.size,
      `${where} lies outside its population`,
    );
    ensure(group.firstUnit >= leastUnit, `${where}: the groups are not in the order of their units`);
    leastUnit = group.firstUnit + group.count;
    checkDecay(group.vKeep, group.vCadence, where);
    checkDecay(group.iKeep, group.iCadence, where);
    const state = (value: number) => Math.abs(value) <= stateMax;
    ensure(group.threshold >= 1 && group.threshold <= stateMax, `${where}: the threshold is out of range`);
    ensure(state(group.resetValue) && state(group.bias), `${where}: reset or bias is out of range`);
    ensure(group.noise >= 0 && group.noise <= stateMax, `${where}: the noise is out of range`);
    checkTrace(group.y1Mode, group.y1Keep, group.y1Cadence, group.y1Impulse, `${where}, y1`);
    checkTrace(group.y2Mode, group.y2Keep, group.y2Cadence, group.y2Impulse, `${where}, y2`);
    checkTrace(group.y3Mode, group.y3Keep, group.y3Cadence, group.y3Impulse, `${where}, y3`);
    if (group.flags & neuronGroupFlags.adaptive) {
      checkDecay(group.adaptKeep, group.adaptCadence, where);
      ensure(state(group.adaptImpulse), `${where}: the impulse of its threshold is out of range`);
    }
    checkWindow(group, where);
    if (group.flags & neuronGroupFlags.signal)
      ensure(
        group.signalShift <= 30 &&
          (group.signalChannel === noChannel || group.signalChannel + group.count <= image.modulators.length),
        `${where}: its learning signal is out of range`,
      );
    if (group.flags & neuronGroupFlags.biasArray)
      ensure(group.biasOffset + group.count <= core.bias.length, `${where}: its biases are out of range`);
    if (group.flags & neuronGroupFlags.initialArray)
      ensure(
        group.initialOffset + group.count <= core.initial.length,
        `${where}: its initial values are out of range`,
      );
  }
  ensure(next === core.core.neuronCount, `${what}: the neuron groups do not add up`);
  for (const values of [core.bias, core.initial])
    for (const value of values)
      if (Math.abs(value) > stateMax) throw damaged(`${what}: a bias or initial value is out of range`);
}

function checkWindow(group: NeuronGroupRecord, where: string): void {
  if (!(group.flags & neuronGroupFlags.window)) return;
  ensure(
    group.windowWidth >= 1 &&
      group.windowWidth < 2 ** 24 &&
      group.windowPeak >= 1 &&
      group.windowPeak <= 32767 &&
      group.windowShift <= 15,
    `${where}: its window is out of range`,
  );
}

function checkErrorChannel(
  { flags, gate, errorCore, errorNeuron, errorShift }: ModulatorRecord,
  { cores, modulators }: Image,
  where: string,
): void {
  if (!(flags & modulatorFlags.error)) return;
  const core = cores[errorCore];
  ensure(
    core !== undefined && errorNeuron < core.core.neuronCount,
    `${where}: the neuron it reads is not there`,
  );
  ensure(gate === noChannel || gate < modulators.length, `${where}: its gate is not there`);
  ensure(errorShift >= -23 && errorShift <= 7, `${where}: its shift is out of range`);
}

function checkEpisodes({ episodes, modulators, populations }: Image): void {
  ensure(episodes.length <= 1, 'there is more than one episodic buffer');
  for (const { slots, events, duration, trigger, earlier, speed, clear } of episodes) {
    ensure(
      slots >= 1 && slots <= 256 && events >= 1 && events <= 4096 && duration >= 1 && duration <= 4096,
      'the size of the episodic buffer is out of range',
    );
    ensure(
      trigger === noChannel || trigger < modulators.length,
      'the trigger of the episodic buffer is not there',
    );
    ensure(
      earlier < mostLinks && speed <= 7 && clear <= 31,
      'the replay of the episodic buffer is out of range',
    );
    for (const { flags, firstUnit, size } of populations)
      ensure(
        !(flags & (populationFlags.recorded | populationFlags.opens)) ||
          firstUnit + size <= 2 ** episodeUnitBits,
        'a recorded population has unit ids that are too large',
      );
  }
}

function checkAxonGroups(core: CoreImage, image: Image, what: string): void {
  let next = 0;
  for (const [n, group] of core.axonGroups.entries()) {
    const where = `${what}, axon group ${n}`;
    ensure(group.firstAxon === next, `${where} does not follow the one before it`);
    next += group.count;
    ensure(group.delay >= 1 && group.delay <= 63, `${where}: the delay is out of range`);
    const population = image.populations[group.population];
    ensure(
      population !== undefined && next <= core.axons.length,
      `${where}: its axons or population are wrong`,
    );
    checkTrace(group.x1Mode, group.x1Keep, group.x1Cadence, group.x1Impulse, `${where}, x1`);
    checkTrace(group.x2Mode, group.x2Keep, group.x2Cadence, group.x2Impulse, `${where}, x2`);
    let least = population.firstUnit;
    for (let axon = group.firstAxon; axon < next; axon++) {
      const unit = core.axons[axon]! & ~primaryAxon;
      if (unit < least || unit >= population.firstUnit + population.size)
        throw damaged(`${where}: axon ${axon} is misplaced`);
      least = unit + 1;
    }
  }
  ensure(next === core.core.axonCount, `${what}: the axon groups do not add up`);
}

function checkProbe(probe: ProbeRecord, image: Image, what: string): void {
  ensure(probe.everyTicks >= 1, `${what}: its interval is 0`);
  const end = probe.first + probe.count;
  const { variable } = probe;
  if (probe.core === boardWide) {
    const ok = variable === variableCodes.modulator || variable === variableCodes.baseline;
    ensure(ok && end <= image.modulators.length, `${what} is out of range`);
    return;
  }
  const core = image.cores[probe.core];
  ensure(core !== undefined, `${what}: there is no core ${probe.core}`);
  const { neuronCount, axonCount, synapseCount } = core.core;
  const limit =
    variable <= variableCodes.adaptation
      ? neuronCount
      : variable === variableCodes.x1 || variable === variableCodes.x2
        ? axonCount
        : variable >= variableCodes.weight && variable <= variableCodes.tag2
          ? synapseCount
          : 0;
  ensure(end <= limit, `${what} is out of range`);
}
