import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { readImage } from '../../src/image/read.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import { draws } from './draws.js';
import { fullLayers, imageSpikes, inferenceNetwork, type Layers, stepsOfImage } from './inference.js';
import {
  type NetworkName,
  plasticNetwork,
  rewardEvery,
  type Size,
  sizes,
  staticNetwork,
} from './networks.js';
import type { Reward, Workload } from './workload.js';

/** Ticks of a run: 10 s of model time on S1, 20 s on S2 and S3. */
const fullTicks: Readonly<Record<Exclude<NetworkName, 'S4'>, number>> = {
  S1: 10_000,
  S1dc: 10_000,
  S1d: 10_000,
  S1f: 100_000,
  S1big: 2000,
  S2: 20_000,
  S2dc: 20_000,
  S3: 20_000,
  S3dc: 20_000,
};

/** An image for the target `host`, whose cores hold any of these networks in one. */
export function imageOf(description: NetworkDescription, cores?: number) {
  return readImage(compile(resolveNetwork(description), loadTarget('host'), { cores }).image);
}

/** A reward of +1 or −1 every 100 ticks, the sign drawn. */
export function rewardsOf(ticks: number): Reward[] {
  const rewards: Reward[] = [];
  const draw = draws(3);
  for (let tick = rewardEvery - 1; tick < ticks; tick += rewardEvery) {
    rewards.push({ tick, value: draw() < 0.5 ? 2 ** 20 : -(2 ** 20) });
  }
  return rewards;
}

export function workload(
  name: Exclude<NetworkName, 'S4'>,
  size: Size = sizes[name],
  ticks = fullTicks[name],
): Workload {
  const description =
    name === 'S2' || name === 'S2dc' || name === 'S3' || name === 'S3dc'
      ? plasticNetwork(name, size)
      : staticNetwork(name, size);
  const rewards = name.startsWith('S3') ? rewardsOf(ticks) : [];
  return { name, image: imageOf(description), ticks, rewards, input: null, clearEvery: null };
}

/** S4: so many images, one after the other. */
export function inferenceWorkload(images: number, layers: Layers = fullLayers): Workload {
  return {
    name: 'S4',
    image: imageOf(inferenceNetwork(layers)),
    ticks: images * stepsOfImage,
    rewards: [],
    input: imageSpikes(images, layers),
    clearEvery: stepsOfImage,
  };
}

const fullImages = 500;

/** A network as the benchmark runs it; `quick`: a tenth of its ticks. */
export function benchWorkload(name: NetworkName, quick: boolean): Workload {
  const share = quick ? 10 : 1;
  if (name === 'S4') return inferenceWorkload(fullImages / share);
  return workload(name, sizes[name], fullTicks[name] / share);
}
