import { allPopulations, clearBits, controlCodes } from '../../firmware-protocol/declaration/events.js';
import type { CoreImage, Image } from '../../src/image/image.js';
import {
  blockFlags,
  boardWide,
  neuronGroupFlags,
  noChannel,
  traceModeCodes,
  variableCodes,
} from '../../src/image/layout.js';
import type { Draw } from '../../src/network/drawn-values.js';
import { inputUnits } from '../networks/input-units.js';
import { ScriptRecorder, type StateWrite } from '../replay/script.js';

const stateMax = 2 ** 23 - 1;
const tagMax = 32_767;
const rewardUnit = 2 ** 20;
const byPriority = 0xffff;
const clearNames: Readonly<Record<number, string>> = {
  1: 'clear neurons',
  2: 'clear traces',
  4: 'clear tags',
  8: 'clear spikes in flight',
  16: 'clear modulators',
};

export interface Traffic {
  readonly script: ScriptRecorder;
  /** What of `dynamicFeatures` it brings about by itself. */
  readonly features: ReadonlySet<string>;
}

/** Input of every kind for a network: spikes, rewards up to the largest, control events, state written to its bounds. */
export function drawTraffic(draw: Draw, image: Image, ticks: number): Traffic {
  const script = new ScriptRecorder();
  const features = new Set<string>();
  const units = inputUnits(image);
  const rate = draw.oneOf(0.02, 0.1, 0.3);
  for (let tick = 0; tick < ticks; tick++) {
    for (const unit of units) if (draw.real(0, 1) < rate) script.spikes.push(tick, unit);
    if (draw.integer(0, 99) === 0 && units.length > 0) {
      const unit = draw.oneOf(...units);
      script.spikes.push(tick, unit, tick, unit);
      features.add('spike sent twice');
    }
    if (image.modulators.length > 0 && draw.integer(0, 19) === 0)
      drawRewards(draw, image, tick, script, features);
    if (draw.integer(0, 59) === 0) drawControl(draw, image, tick, script, features);
    if (draw.integer(0, image.episodes.length > 0 ? 29 : 199) === 0)
      drawEpisodeControl(draw, image, tick, script, features);
  }
  const writes = Array.from({ length: Math.max(2, Math.floor(ticks / 40)) }, () =>
    draw.integer(1, ticks - 1),
  );
  for (const tick of [...new Set(writes)].sort((a, b) => a - b))
    script.writes.push(...drawWrites(draw, image, tick));
  return { script, features };
}

function drawRewards(
  draw: Draw,
  image: Image,
  tick: number,
  script: ScriptRecorder,
  features: Set<string>,
): void {
  const count = draw.oneOf(1, 1, 2);
  // Feedback now and then, also among many channels of errors.
  const trigger = image.episodes[0]?.trigger ?? noChannel;
  const any = draw.integer(0, image.modulators.length - 1);
  const channel = trigger === noChannel ? any : draw.oneOf(any, trigger);
  for (let n = 0; n < count; n++) {
    const value = draw.oneOf(
      rewardUnit,
      -rewardUnit,
      draw.integer(-4 * rewardUnit, 4 * rewardUnit),
      2 ** 31 - 1,
      1 - 2 ** 31,
    );
    script.rewards.push([tick, channel, value]);
  }
  features.add(count > 1 ? 'two rewards in a tick' : 'reward');
}

function drawControl(
  draw: Draw,
  image: Image,
  tick: number,
  script: ScriptRecorder,
  features: Set<string>,
): void {
  const { CLEAR, LEARN } = controlCodes.value;
  if (draw.flag()) {
    // Off for a little while only, so that there is some learning to be compared.
    script.controls.push([tick, LEARN, allPopulations, 0], [tick + draw.integer(1, 10), LEARN, 0, 1]);
    features.add('learning off').add('learning on again');
    return;
  }
  const population = draw.oneOf(allPopulations, draw.integer(0, image.populations.length - 1));
  const argument = draw.oneOf(...Object.values(clearBits.value), draw.integer(0, 31));
  script.controls.push([tick, CLEAR, population, argument]);
  for (const [bit, name] of Object.entries(clearNames)) if (argument & Number(bit)) features.add(name);
}

/** Episodes are closed and forgotten, and replays asked for; a network without an episodic buffer ignores it all. */
function drawEpisodeControl(
  draw: Draw,
  image: Image,
  tick: number,
  script: ScriptRecorder,
  features: Set<string>,
): void {
  const { EPISODE, REPLAY } = controlCodes.value;
  const has = image.episodes.length > 0;
  if (draw.oneOf(true, false, false)) {
    const argument = draw.oneOf(0, 0, 1);
    script.controls.push([tick, EPISODE, allPopulations, argument]);
    if (has) features.add(argument === 1 ? 'episodes to be forgotten' : 'episode to be closed');
    return;
  }
  const argument = draw.oneOf(0, draw.integer(0, 3), byPriority);
  script.controls.push([tick, REPLAY, allPopulations, argument]);
  features.add(has ? 'replay asked for' : 'replay asked of a network without episodes');
  if (has && argument === byPriority) features.add('replay by priority asked for');
}

/** State at its bounds, where the next events must clamp it. */
function drawWrites(draw: Draw, image: Image, tick: number): StateWrite[] {
  const number = draw.integer(0, image.cores.length - 1);
  const core = image.cores[number]!;
  const choices = [
    () => drawMembrane(draw, core),
    () => drawTrace(draw, core),
    () => drawSynapses(draw, core),
  ];
  if (image.modulators.length > 0)
    choices.push(() => [
      {
        core: boardWide,
        variable: draw.oneOf(variableCodes.modulator, variableCodes.baseline),
        first: draw.integer(0, image.modulators.length - 1),
        values: [draw.oneOf(stateMax, -stateMax, draw.integer(-stateMax, stateMax))],
      },
    ]);
  return draw
    .oneOf(...choices)()
    .map((write) => ({ core: number, tick, ...write }));
}

type Write = Omit<StateWrite, 'tick' | 'core'> & { readonly core?: number };

function drawMembrane(draw: Draw, { neuronGroups }: CoreImage): Write[] {
  const group = draw.oneOf(...neuronGroups);
  const bound = draw.oneOf(stateMax, -stateMax);
  const values = Array.from({ length: group.count }, () =>
    draw.oneOf(bound, draw.integer(-stateMax, stateMax)),
  );
  const first = group.firstNeuron;
  const writes: Write[] = [{ variable: variableCodes.v, first, values }];
  if (group.flags & neuronGroupFlags.exponential)
    writes.push({ variable: variableCodes.i, first, values: values.map(() => bound) });
  if (group.flags & neuronGroupFlags.adaptive)
    writes.push({ variable: variableCodes.adaptation, first, values: values.map(() => bound) });
  if (group.refractory > 0 && draw.flag())
    writes.push({
      variable: variableCodes.refractory,
      first,
      values: values.map(() => draw.integer(0, group.refractory)),
    });
  return writes;
}

function drawTrace(draw: Draw, { neuronGroups, axonGroups }: CoreImage): Write[] {
  const post = neuronGroups.flatMap((group) =>
    (['y1', 'y2', 'y3'] as const)
      .filter((trace) => group[`${trace}Mode`] !== traceModeCodes.absent)
      .map((trace) => ({ variable: variableCodes[trace], first: group.firstNeuron, count: group.count })),
  );
  const pre = axonGroups.flatMap((group) =>
    (['x1', 'x2'] as const)
      .filter((trace) => group[`${trace}Mode`] !== traceModeCodes.absent)
      .map((trace) => ({ variable: variableCodes[trace], first: group.firstAxon, count: group.count })),
  );
  const all = [...post, ...pre].filter(({ count }) => count > 0);
  if (all.length === 0) return [];
  const { variable, first, count } = draw.oneOf(...all);
  const values = Array.from({ length: count }, () =>
    draw.oneOf(stateMax, stateMax, draw.integer(0, stateMax)),
  );
  return [{ variable, first, values }];
}

function drawSynapses(draw: Draw, { blocks }: CoreImage): Write[] {
  const plastic = blocks.filter(({ flags, synapseCount }) => flags & blockFlags.plastic && synapseCount > 0);
  if (plastic.length === 0) return [];
  const { flags, firstSynapse: first, synapseCount, wMin, wMax } = draw.oneOf(...plastic);
  const values = (low: number, high: number) =>
    Array.from({ length: synapseCount }, () => draw.oneOf(low, high, draw.integer(low, high)));
  const tags = values(-tagMax, tagMax);
  return [
    { variable: variableCodes.weight, first, values: values(wMin, wMax) },
    ...(flags & blockFlags.tag ? [{ variable: variableCodes.tag, first, values: tags }] : []),
    ...(flags & blockFlags.tag2 ? [{ variable: variableCodes.tag2, first, values: tags.toReversed() }] : []),
  ];
}
