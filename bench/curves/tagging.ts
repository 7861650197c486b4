import { type Curve, type Point, range } from './curve.js';
import { lateBound, lateHour, play, playFloat, strong, type Tetanus, weak } from './tetani.js';

/** What a weak tetanus leaves, over when it came: Frey & Morris's two-pathway experiment. */
export function taggingCurve(): Curve {
  const point =
    (others: (start: number) => readonly Tetanus[]) =>
    (interval: number): Point => {
      const start = Math.max(0, -interval);
      const stimuli = [weak(start + interval), ...others(start)];
      const hour = lateHour(stimuli);
      const expected = playFloat(stimuli, 0, hour);
      const [[found]] = play(stimuli, [hour]) as [number[]];
      return { x: interval, found: found!, expected, bound: lateBound(expected) };
    };
  return {
    name: 'tagging-capture',
    rule: 'tagging-capture',
    title: 'Tagging and capture: a weak tetanus lasts if a strong one comes within the hour',
    protocol:
      'A weak tetanus (20 pulses at 100 Hz) to one pathway, a strong one (three times 100 pulses, ten minutes apart) to another of the same neuron, which spikes with each pulse; the weight of the weak pathway ten hours later. Defaults of the rule, ticks of 5 ms.',
    closedForm:
      'The equations of the rule integrated in float64, tick by tick in a tetanus and in steps of a second between.',
    limit: 0.07,
    bound:
      'where the fading comes to rest: its three roundings outweigh it within 0.006; coefficients; the tag is visited every 164 s (up to 4.7 %); the proteins, squared',
    xLabel: 'weak tetanus after the begin of the strong one (min)',
    yLabel: 'change of the weight ten hours later',
    series: [
      { name: 'weak and strong', points: range(-240, 240, 20).map(point((start) => [strong(start)])) },
      { name: 'weak alone', points: [-240, -120, 0, 120, 240].map(point(() => [])) },
    ],
  };
}
