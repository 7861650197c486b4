import type { Row } from '../rows.js';
import { distributionOf } from './compare.js';
import { type Algorithm, recurrentCosine, trainOnPatterns } from './cosines.js';
import { type SmallOptions, smallNetwork } from './small-network.js';

/** Goal of the median, and the bar of the share. */
const goodCosine = 0.6;

/** One distribution: which networks, which algorithm, after how many steps of learning with it. */
interface Study {
  readonly name: string;
  readonly options: SmallOptions;
  readonly algorithm: Algorithm;
  readonly trained: number;
}

function studies(): Study[] {
  const published = { kind: 'eprop', feedback: 'symmetric', throughReset: false } as const;
  return (['lif', 'alif'] as const).flatMap((neuron): Study[] => [
    ...(['symmetric', 'random'] as const).flatMap((feedback) =>
      [0, 100].map((trained) => ({
        name: `${neuron}/${feedback}${trained > 0 ? '/trained' : ''}`,
        options: { neuron },
        algorithm: { ...published, feedback },
        trained,
      })),
    ),
    ...[0.5, 1.5].map((recurrent) => ({
      name: `${neuron}/symmetric/recurrent x${recurrent}`,
      options: { neuron, recurrent },
      algorithm: published,
      trained: 0,
    })),
    {
      name: `${neuron}/symmetric/through the reset`,
      options: { neuron },
      algorithm: { ...published, throughReset: true },
      trained: 0,
    },
  ]);
}

/** Cosines over so many random networks for every study; the goal is on LIF neurons with symmetric feedback. */
export function cosineRows(networks: number, say: (text: string) => void): Row[] {
  return studies().flatMap(({ name, options, algorithm, trained }) => {
    say(`cosine ${name} …`);
    const cosines = Array.from({ length: networks }, (_, n) => {
      const network = smallNetwork(n + 1, options);
      trainOnPatterns(network, algorithm, trained);
      return recurrentCosine(network, algorithm);
    });
    const { lower, mean, median, min, upper } = distributionOf(cosines);
    const share = cosines.filter((value) => value > goodCosine).length / networks;
    const hasGoal = name === 'lif/symmetric';
    const row = (what: string, value: number, goal: boolean, unit = 'cosine'): Row => ({
      name: `cosine/${name}/${what}`,
      value: Number(value.toFixed(3)),
      unit,
      goal: goal ? `> ${goodCosine}` : null,
      met: goal ? value > goodCosine : null,
    });
    return [
      row('min', min, hasGoal),
      row('lower quartile', lower, false),
      row('median', median, hasGoal),
      row('upper quartile', upper, false),
      row('mean', mean, false),
      row(`above ${goodCosine}`, share, false, 'proportion'),
    ];
  });
}
