import { type Curve, range } from './curve.js';
import { eligibilities, epropRig, filtered, model, type Rule } from './eprop-model.js';

const setting = 'One arrival of weight 0.5 at a neuron at rest (`tauMembrane` 20 ms, `dampening` 0.3)';

/** Tags of the synapse at ticks after the arrival. */
function tags(rule: Rule, times: readonly number[], variables: readonly ('tag' | 'tag2')[]) {
  const rig = epropRig(rule, 1e-4);
  const machine = rig.start();
  machine.addSpike(0, 0);
  const found = times.map((time) => {
    // The arrival is in tick 1; a tag is read after the decay of the tick.
    machine.run(time + 2 - machine.tick);
    return variables.map((variable) => rig.read(machine, 'in', variable));
  });
  return { found, units: variables.map((variable) => rig.unit('in', variable)) };
}

/** `eprop`: h·x1 through the filter of the readout. */
export function epropCurve(): Curve {
  const times = range(0, 200, 5);
  const { found, units } = tags('eprop', times, ['tag']);
  const expected = filtered(eligibilities(201, false, null), units[0]!);
  return {
    name: 'eprop',
    rule: 'eprop',
    title: 'e-prop: eligibility of an arrival, as the readout filters it',
    protocol: `${setting}; the tag is read each 5 ms (\`tauReadout\` ${model.tauReadout} ms).`,
    closedForm:
      '`Σ h·x1`, each product decayed with `tauReadout`; x1 = α^n and h = 0.3 · 0.5 · α^n, α = exp(−1 ms/20 ms).',
    limit: 0.015,
    bound: 'h (three roundings of 2^-12); trace; half a unit of the tag a tick, and rounded down in each',
    xLabel: 'time after the arrival (ms)',
    yLabel: 'tag',
    series: [
      {
        name: 'tag t',
        points: times.map((x, n) => {
          const { value, bound } = expected[x]!;
          return { x, found: found[n]![0]!, expected: value, bound };
        }),
        line: expected.map(({ value }, x): [number, number] => [x, value]),
      },
    ],
  };
}

/** `eprop-alif`: the same, and the eligibility that goes through the threshold. */
export function epropAlifCurve(): Curve {
  const times = [...range(0, 90, 10), ...range(100, 4000, 100)];
  const { found, units } = tags('eprop-alif', times, ['tag', 'tag2']);
  const slowUnits = { unit: units[1]!, tau: model.tauAdaptation };
  const list = eligibilities(4001, true, null, slowUnits);
  const fast = filtered(list, units[0]!);
  const pick = (of: (time: number) => { value: number; bound: number }, column: number) =>
    times.map((time, n) => {
      const { value, bound } = of(time);
      return { x: time / 1000, found: found[n]![column]!, expected: value, bound };
    });
  const dense = [...range(0, 199, 1), ...range(200, 4000, 20)];
  const lineOf = (of: (time: number) => number) =>
    dense.map((time): [number, number] => [time / 1000, of(time)]);
  return {
    name: 'eprop-alif',
    rule: 'eprop-alif',
    title: 'e-prop with adaptive thresholds: the eligibility through the threshold lasts for seconds',
    protocol: `${setting} whose threshold adapts (\`beta\` ${model.beta}, \`tauAdaptation\` 2 s); both tags are read.`,
    closedForm:
      't2: `(t2 + h·x1 − beta·h·t2) · exp(−1 ms/tauAdaptation)` a tick; t: `h·x1 − beta·h·t2` decayed with `tauReadout`.',
    limit: 0.06,
    bound: 'as of `eprop`; t2 is visited every 128 ms (up to 6.6 % early or late)',
    xLabel: 'time after the arrival (s)',
    yLabel: 'tag',
    series: [
      {
        name: 't2, through the threshold',
        points: pick((time) => ({ value: list[time]!.slow, bound: list[time]!.slowError }), 1),
        line: lineOf((time) => list[time]!.slow),
      },
      {
        name: 't, through the membrane',
        points: pick((time) => fast[time]!, 0),
        line: lineOf((time) => fast[time]!.value),
      },
    ],
  };
}
