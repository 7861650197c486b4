import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockProportions } from '../tasks/learning-curve.js';
import { curveFigure } from './curve-figure.js';
import { unbalanced } from './html.testing.js';
import { learningCurveText } from './learning-curve-text.js';
import type { LearningReport, WeightPicture } from './learning-data.js';
import { learningReportHtml } from './learning-report.js';
import { element, escapeText, linearScale } from './svg.js';

const correct = Array.from({ length: 120 }, (_, n) => n > 40 || n % 2 === 0);
const weights: WeightPicture = {
  label: 'with traces',
  before: [
    [0.1, 0.1],
    [0.1, 0.1],
  ],
  after: [
    [0.3, 0],
    [0, 0.3],
  ],
  min: 0,
  max: 0.3,
  rowGroups: [{ label: 'context A', count: 2 }],
  columnGroups: [
    { label: 'action 1', count: 1 },
    { label: 'action 2', count: 1 },
  ],
};
const hostile = '<script>alert("1")</script>&';
const report: LearningReport = {
  title: hostile,
  command: hostile,
  trials: 120,
  blockSize: 20,
  delay: '1–2 s',
  traced: { label: hostile, tagMilliseconds: 2000, correct, trialsTo90: 60 },
  control: {
    label: 'without',
    tagMilliseconds: 20,
    correct: correct.map((_, n) => n % 2 === 0),
    trialsTo90: null,
  },
  trial: {
    cueEnd: 200,
    rewardAt: 1700,
    end: 2000,
    reward: 1,
    choice: hostile,
    context: 'context A',
    rows: [
      { label: 'a', group: 'cue', spikesMs: [1, 50] },
      { label: 'b', group: 'chosen', spikesMs: [60] },
      { label: 'c', group: 'unchosen', spikesMs: [] },
    ],
    eligibility: [
      {
        label: 'x',
        kind: 'chosen',
        control: false,
        points: [
          { ms: 0, value: 0 },
          { ms: 1700, value: 4 },
        ],
      },
      {
        label: 'y',
        kind: 'chosen',
        control: true,
        points: [
          { ms: 0, value: 0 },
          { ms: 1700, value: 0 },
        ],
      },
    ],
    modulator: [
      { ms: 0, value: 0 },
      { ms: 1700, value: 1 },
    ],
  },
  weights: { traced: weights, control: weights },
  facts: [[hostile, hostile]],
};

describe('page', () => {
  const html = learningReportHtml(report);

  test('every element is closed', () => {
    expect(unbalanced('<p><b></p>')).not.toEqual([]);
    expect(unbalanced(html)).toEqual([]);
  });

  test('needs nothing from outside and runs nothing', () => {
    expect(html).not.toMatch(/<script|https?:|src=|@import|url\(|javascript:| on\w+=/i);
  });

  test('hostile text stays text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeText(text)).not.toMatch(/[<>"']/);
        const decoded = escapeText(text).replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
        expect(decoded).toBe(text);
      }),
    );
    expect(element('a', { title: '"><b>' })).toBe('<a title="&#34;&#62;&#60;b&#62;"/>');
  });
});

test('the curve puts each block at its share, measured on the axis', () => {
  const svg = curveFigure(report.traced, report.control, 20, 0.5);
  const axis = [...svg.matchAll(/<line x1="56" y1="([\d.]+)"[^>]*class="grid"/g)].map((match) =>
    Number(match[1]),
  );
  const share = linearScale([axis[0]!, axis.at(-1)!], [0, 1]);
  const [, points] = /<polyline points="([^"]+)"[^>]*class="curve traced"/.exec(svg)!;
  const shares = points!.split(' ').map((point) => share(Number(point.split(',')[1])));
  for (const [n, wanted] of blockProportions(correct, 20).entries()) expect(shares[n]).toBeCloseTo(wanted, 2);
});

test('the text has a bar per block, and no colour unless asked', () => {
  const text = learningCurveText([report.traced, report.control], { blockSize: 20, color: false });
  expect(text).not.toContain(String.fromCharCode(27));
  const [, traced, control] = text.split('\n');
  expect(traced).toContain('▅▅█');
  expect(control).toContain('90 % not reached');
  expect([...control!].filter((char) => '▁▂▃▄▅▆▇█'.includes(char))).toHaveLength(6);
});
