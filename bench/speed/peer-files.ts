import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockRecord, CoreImage } from '../../src/image/image.js';
import { blockKindCodes, primaryAxon } from '../../src/image/layout.js';
import { fullLayers, inferenceNetwork } from './inference.js';
import { onlyCore } from './native-network.js';
import {
  drives,
  membrane,
  plasticUnit,
  plasticWeights,
  rewardEvery,
  rewardStep,
  tauTag,
} from './networks.js';
import type { Workload } from './workload.js';

/** Which script of `brian2/` runs a network. */
export function peerScript({ name }: Workload): 'static' | 'plastic' | 'dense' {
  return name === 'S4' ? 'dense' : name.startsWith('S1') ? 'static' : 'plastic';
}

/** Writes what the peer's script reads: parameters.json and arrays. Connections are those of the image. */
export function writePeerFiles(folder: string, workload: Workload): void {
  const save = (name: string, values: NodeJS.TypedArray): string => {
    writeFileSync(join(folder, name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return name;
  };
  const parameters =
    workload.name === 'S4' ? denseParameters(workload, save) : cellParameters(workload, save);
  writeFileSync(join(folder, 'parameters.json'), JSON.stringify(parameters));
}

type Save = (name: string, values: NodeJS.TypedArray) => string;

function cellParameters({ name, image, ticks, rewards }: Workload, save: Save): Record<string, unknown> {
  const core = onlyCore(image);
  const tickMilliseconds = image.network.tickMicroseconds / 1000;
  const drive = drives[name as keyof typeof drives];
  const [group] = core.neuronGroups;
  const { exponent } = image.host.populations[0]!;
  const unit = name.startsWith('S1') ? 1 : plasticUnit;
  const initial = Float64Array.from(
    core.initial.subarray(group!.initialOffset, group!.initialOffset + group!.count),
    (value) => value * 2 ** -exponent * unit,
  );
  const plastic = !name.startsWith('S1');
  const connections = (projection: number) => {
    const blocks = core.blocks.filter((block) => block.projection === projection);
    return peerConnections(core, blocks, image.host.projections[projection]!.name, save);
  };
  return {
    tickMilliseconds,
    ticks,
    neurons: group!.count,
    tauMilliseconds: membrane.tauMilliseconds,
    thresholdMillivolts: membrane.threshold,
    resetMillivolts: membrane.reset,
    refractoryTicks: group!.refractory,
    driveMillivolts: 'constant' in drive ? drive.constant * tickMilliseconds : 0,
    poisson: 'rate' in drive ? { rate: drive.rate, millivolts: drive.millivolts } : null,
    initialMillivolts: 'constant' in drive ? save('initial', initial) : null,
    excitation: {
      ...connections(0),
      millivolts: plastic ? plasticWeights.initial : membrane.excitation,
      tauMilliseconds: 20,
      aPlusMillivolts: plasticWeights.aPlus,
      aMinusMillivolts: plasticWeights.aPlus * plasticWeights.ratio,
      highestMillivolts: plasticWeights.highest,
    },
    inhibition: { ...connections(1), millivolts: plastic ? plasticWeights.inhibition : membrane.inhibition },
    reward:
      rewards.length === 0
        ? null
        : {
            everyTicks: rewardEvery,
            tauTagMilliseconds: tauTag.milliseconds,
            values: save(
              'rewards',
              Float64Array.from([0, ...rewards.map(({ value }) => (value / 2 ** 20) * rewardStep)]),
            ),
          },
  };
}

/** Sources, targets and, if they are not all the same, delays of a projection. */
function peerConnections(core: CoreImage, blocks: readonly BlockRecord[], name: string, save: Save) {
  const pre: number[] = [];
  const post: number[] = [];
  const delays: number[] = [];
  for (const block of blocks) {
    if (block.kind !== blockKindCodes.sparse) throw new Error('a projection of the peer is not sparse');
    const { delay } = core.axonGroups.find(
      ({ firstAxon, count }) => block.firstAxon >= firstAxon && block.firstAxon < firstAxon + count,
    )!;
    for (let row = 0; row < block.axonCount; row++) {
      const source = core.axons[block.firstAxon + row]! & ~primaryAxon;
      const end = core.index[block.rowOffset + row + 1]!;
      for (let k = core.index[block.rowOffset + row]!; k < end; k++) {
        pre.push(source);
        post.push(block.firstNeuron + core.targets[block.targetOffset + k]!);
        delays.push(delay);
      }
    }
  }
  const same = delays.every((delay) => delay === delays[0]);
  return {
    pre: save(`${name}.pre`, Int32Array.from(pre)),
    post: save(`${name}.post`, Int32Array.from(post)),
    ...(same ? { delayTicks: delays[0] } : { delays: save(`${name}.delays`, Uint8Array.from(delays)) }),
  };
}

function denseParameters({ ticks, input, clearEvery }: Workload, save: Save): Record<string, unknown> {
  const { populations, projections } = inferenceNetwork();
  const { start, lines } = input!;
  const ticksOfSpikes = new Int32Array(lines.length);
  for (let tick = 0; tick < ticks; tick++) ticksOfSpikes.fill(tick, start[tick]!, start[tick + 1]!);
  const weights = (name: string) => {
    const { weight } = projections![name] as { weight: { values: readonly number[] } };
    return save(name, Float64Array.from(weight.values));
  };
  const threshold = (name: string) => (populations[name] as { threshold: number }).threshold;
  return {
    tickMilliseconds: 1,
    ticks,
    tauMilliseconds: membrane.tauMilliseconds,
    ...fullLayers,
    clearEvery,
    hiddenThreshold: threshold('hidden'),
    classThreshold: threshold('classes'),
    firstWeights: weights('first'),
    secondWeights: weights('second'),
    lines: save('lines', Int32Array.from(lines)),
    ticksOfSpikes: save('ticks', ticksOfSpikes),
  };
}
