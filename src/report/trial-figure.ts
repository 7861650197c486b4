import type { EligibilityCurve, TrialPicture } from './learning-data.js';
import { element, figure, label, line, linearScale, polyline } from './svg.js';

const width = 760;
const frame = { left: 128, right: 740 };
const raster = { top: 40, rowHeight: 5 };
const panel = { gap: 44, eligibility: 170, reward: 56 };

/** One trial on one time axis: spikes, the eligibility of the synapses, and the reward that turns it into weights. */
export function trialFigure(trial: TrialPicture): string {
  const x = linearScale([0, trial.end], [frame.left, frame.right]);
  const rasterBottom = raster.top + trial.rows.length * raster.rowHeight + 8;
  const eligibility = { top: rasterBottom + panel.gap, bottom: rasterBottom + panel.gap + panel.eligibility };
  const reward = {
    top: eligibility.bottom + panel.gap,
    bottom: eligibility.bottom + panel.gap + panel.reward,
  };
  const height = reward.bottom + 48;
  return figure(
    width,
    height,
    'One trial from cue to reward',
    'The chosen synapses stay eligible until the reward comes; without traces nothing is left by then.',
    element('rect', {
      x: x(0),
      y: raster.top - 6,
      width: x(trial.cueEnd) - x(0),
      height: reward.bottom - raster.top + 6,
      class: 'cue-band',
    }),
    label((x(0) + x(trial.cueEnd)) / 2, raster.top - 14, 'cue', { 'text-anchor': 'middle' }),
    label(
      (x(trial.cueEnd) + x(trial.rewardAt)) / 2,
      raster.top - 14,
      `nothing happens for ${(trial.rewardAt - trial.cueEnd) / 1000} s`,
      {
        'text-anchor': 'middle',
        class: 'small',
      },
    ),
    rasterPanel(trial, x),
    eligibilityPanel(trial, x, eligibility),
    rewardPanel(trial, x, reward),
    line(x(trial.rewardAt), raster.top - 6, x(trial.rewardAt), reward.bottom, { class: 'reward-line' }),
    label(x(trial.rewardAt), raster.top - 14, trial.reward > 0 ? 'reward' : 'no reward', {
      'text-anchor': 'middle',
      class: 'name',
    }),
    ...timeAxis(trial.end, x, reward.bottom),
  );
}

function rasterPanel(trial: TrialPicture, x: (ms: number) => number): string {
  const names: Record<string, string> = {
    cue: 'cue lines',
    chosen: `chose ${trial.choice}`,
    unchosen: 'other action',
  };
  const parts: string[] = [];
  let lastName = '';
  trial.rows.forEach((row, n) => {
    const y = raster.top + n * raster.rowHeight;
    if (row.group !== lastName)
      parts.push(
        label(frame.left - 10, y + 14, names[row.group]!, {
          'text-anchor': 'end',
          class: `name ${row.group}`,
        }),
      );
    lastName = row.group;
    for (const ms of row.spikesMs)
      parts.push(line(x(ms), y, x(ms), y + raster.rowHeight - 1, { class: `spike ${row.group}` }));
  });
  return parts.join('');
}

function eligibilityPanel(
  trial: TrialPicture,
  x: (ms: number) => number,
  { top, bottom }: { top: number; bottom: number },
): string {
  const largest = Math.max(
    1e-9,
    ...trial.eligibility.flatMap(({ points }) => points.map(({ value }) => Math.abs(value))),
  );
  const y = linearScale([0, largest], [bottom, top]);
  const style = ({ kind, control }: EligibilityCurve) =>
    control ? 'control' : kind === 'chosen' ? 'traced' : 'unchosen';
  const curves = trial.eligibility.map((curve) =>
    polyline(
      curve.points.map(({ ms, value }) => [x(ms), y(value)] as const),
      { class: `curve ${style(curve)}` },
    ),
  );
  const chosen = trial.eligibility.find(({ kind, control }) => kind === 'chosen' && !control);
  const atReward = chosen?.points.findLast(({ ms }) => ms <= trial.rewardAt);
  const middle = x((trial.cueEnd + trial.rewardAt) / 2);
  const note = atReward
    ? element('circle', { cx: x(atReward.ms), cy: y(atReward.value), r: 5, class: 'mark' }) +
      label(x(trial.rewardAt) - 12, y(atReward.value) + 24, 'still marked when the reward comes', {
        'text-anchor': 'end',
        class: 'name traced',
      })
    : '';
  return [
    line(frame.left, bottom, frame.right, bottom, { class: 'grid' }),
    label(frame.left - 10, top + 12, 'eligibility', { 'text-anchor': 'end', class: 'name' }),
    label(frame.left - 10, top + 28, 'of synapses', { 'text-anchor': 'end', class: 'small' }),
    ...curves,
    label(x(trial.cueEnd) + 12, top - 10, 'synapses of the choice', { class: 'name traced' }),
    note,
    label(middle, bottom - 20, 'without a trace: gone, nothing left to credit', {
      'text-anchor': 'middle',
      class: 'name control',
    }),
    label(middle, bottom + 18, 'synapses of the other action: hardly marked', {
      'text-anchor': 'middle',
      class: 'small',
    }),
  ].join('');
}

function rewardPanel(
  trial: TrialPicture,
  x: (ms: number) => number,
  { top, bottom }: { top: number; bottom: number },
): string {
  const values = trial.modulator.map(({ value }) => value);
  const [low, high] = [Math.min(0, ...values), Math.max(1e-9, ...values)];
  const y = linearScale([low, high], [bottom, top]);
  return [
    line(frame.left, y(0), frame.right, y(0), { class: 'grid' }),
    label(frame.left - 10, top + 14, 'reward', { 'text-anchor': 'end', class: 'name' }),
    label(frame.left - 10, top + 30, 'minus expected', { 'text-anchor': 'end', class: 'small' }),
    polyline(
      trial.modulator.map(({ ms, value }) => [x(ms), y(value)] as const),
      { class: 'curve modulator' },
    ),
  ].join('');
}

function timeAxis(end: number, x: (ms: number) => number, bottom: number): string[] {
  const step = end > 4000 ? 1000 : 500;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, n) =>
    label(x(n * step), bottom + 22, `${(n * step) / 1000} s`, { 'text-anchor': 'middle' }),
  );
}
