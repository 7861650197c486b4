import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { isEngramError } from '../../errors/engram-error.js';
import { drawsOf } from '../draws.js';
import { CueEventReader, cueEventsText, readCueEvents } from './events.js';
import { cueTask, drawCueTrial } from './generator.js';
import { cueStatistics } from './statistics.testing.js';

const file = resolve(import.meta.dirname, '../../../tests/data/cue-accumulation/train.dat');
const text = readFileSync(file, 'utf8');
const published = readCueEvents(text, 'train.dat');
const draws = drawsOf(4711);
const fresh = Array.from({ length: 1000 }, () => drawCueTrial(draws));
const ofFile = cueStatistics(published);
const ofFresh = cueStatistics(fresh);

/** Within so many standard errors of a Poisson count, both sets' errors included. */
function nearRate(kind: keyof typeof ofFile.rates, ticks: number): void {
  const rate = ofFresh.rates[kind];
  const lineSeconds = (trials: number) => (trials * cueTask.linesPerGroup * ticks) / 1000;
  const error = Math.sqrt(rate / lineSeconds(published.length) + rate / lineSeconds(fresh.length));
  expect(Math.abs(ofFile.rates[kind] - rate), kind).toBeLessThan(4 * error);
}

test('the published file reads as 50 trials of 2250 ticks, every spike kept', () => {
  expect(published.length).toBe(50);
  expect(new Set(published.map(({ length }) => length))).toEqual(new Set([2250]));
  const spikeLines = text.split('\n').filter((line) => /^\d+,/.test(line)).length;
  expect(published.reduce((sum, { spikes }) => sum + spikes.length, 0)).toBe(spikeLines);
  const firstSample = text.slice(0, text.indexOf('-1, '));
  expect(published[0]!.label).toBe(Number(/-2, (\d)/.exec(firstSample)![1]));
});

test('written again the published file is the same text, but for its line ends', () => {
  expect(cueEventsText(published) === text.replaceAll('\r\n', '\n')).toBe(true);
});

test('fresh trials have the groups and windows of the published ones', () => {
  expect([ofFile.stray, ofFile.mislabelled]).toEqual([0, 0]);
  expect([ofFresh.stray, ofFresh.mislabelled]).toEqual([0, 0]);
  nearRate('cued', cueTask.cues * cueTask.cueLength);
  nearRate('recall', cueTask.length - cueTask.recallFrom);
  nearRate('noise', cueTask.length);
});

test('fresh trials have the rates of the task: 40 Hz, 40 Hz, 10 Hz, within 2 %', () => {
  for (const [kind, rate] of [
    ['cued', 40],
    ['recall', 40],
    ['noise', 10],
  ] as const)
    expect(Math.abs(ofFresh.rates[kind] / rate - 1), kind).toBeLessThan(0.02);
  // 25,000 spikes a window: 4 standard errors are 2.5 %.
  for (const rate of ofFresh.noiseByWindow) expect(Math.abs(rate / 10 - 1)).toBeLessThan(0.025);
  // A group in a cue is a sum of Bernoulli draws of p = 0.04: its variance is 0.96 of its mean.
  expect(ofFresh.fano).toBeGreaterThan(0.88);
  expect(ofFresh.fano).toBeLessThan(1.04);
});

test('labels are balanced and cues are as uneven as the published ones', () => {
  // 1000 labels: 4 standard errors are 0.063.
  expect(Math.abs(ofFresh.right - 0.5)).toBeLessThan(0.063);
  // Cues on the side with fewer of seven, from the binomial with p = 0.7: 0.2676.
  const choose = [1, 7, 21, 35, 35, 21, 7, 1];
  const expected =
    choose.reduce((sum, ways, k) => sum + ways * 0.7 ** k * 0.3 ** (7 - k) * Math.min(k, 7 - k), 0) / 7;
  expect(Math.abs(ofFresh.minority - expected)).toBeLessThan(0.02);
  // 50 trials, standard deviation of a trial 0.14: 4 standard errors are 0.08.
  expect(Math.abs(ofFile.minority - expected)).toBeLessThan(0.08);
});

test('cues agree with their probability of 0.7 on a side drawn for the trial', () => {
  // Variance of the number of right cues: 7·0.21 within a trial and (7·0.2)² between the two sides, 3.43.
  const rightCues = fresh.map(({ cues }) => cues.reduce<number>((sum, cue) => sum + cue, 0));
  const variance = rightCues.reduce((sum, count) => sum + (count - 3.5) ** 2, 0) / fresh.length;
  expect(Math.abs(variance - 3.43)).toBeLessThan(0.4);
});

test('equal seeds give equal trials', () => {
  expect(drawCueTrial(drawsOf(5))).toEqual(drawCueTrial(drawsOf(5)));
  expect(drawCueTrial(drawsOf(5))).not.toEqual(drawCueTrial(drawsOf(6)));
});

test('a reader fed line by line gives each trial as it ends', () => {
  const reader = new CueEventReader('lines');
  const trials = ['2', '0, 3', '-2, 0', '20, 2100', '-1, 2250', '-2, 1', '-1, 10'].map((line) =>
    reader.push(line),
  );
  reader.end();
  expect(trials.map((trial) => trial && [trial.length, trial.label, trial.spikes.length])).toEqual([
    null,
    null,
    null,
    null,
    [2250, 0, 2],
    null,
    [10, 1, 0],
  ]);
});

test.each([
  ['', 'f, line 1: the file is empty'],
  ['many\n', 'f, line 1: "many" is not a number of samples'],
  ['1\n3; 4\n', 'f, line 2: "3; 4" is not an event'],
  ['1\n3, 4, 5\n', 'f, line 2: "3, 4, 5" is not an event'],
  ['1\n40, 4\n', 'f, line 2: neuron 40 does not exist'],
  ['1\n-3, 4\n', 'f, line 2: neuron -3 does not exist'],
  ['1\n3, -4\n', 'f, line 2: tick -4 comes after tick 0'],
  ['1\n3, 9\n3, 8\n', 'f, line 3: tick 8 comes after tick 9'],
  ['1\n-2, 2\n', 'f, line 2: label 2 does not exist'],
  ['1\n-2, 1\n-2, 1\n', 'f, line 3: sample 1 has a second label'],
  ['1\n3, 4\n-1, 20\n', 'f, line 3: sample 1 has no label'],
  ['1\n3, 4\n-2, 0\n-1, 4\n', 'f, line 4: sample 1 of 4 ticks ends before its last event'],
  ['1\n-2, 0\n-1, 9\n3, 4\n', 'f, line 4: "3, 4" stands after the last of 1 samples'],
  ['1\n3, 4\n-2, 0\n', 'f, line 4: sample 1 does not end'],
  ['2\n-2, 0\n-1, 9\n', 'f, line 4: the file ends after 1 samples'],
])('%j is refused with its line', (broken, message) => {
  const thrown = (() => {
    try {
      readCueEvents(broken, 'f');
    } catch (error) {
      return error;
    }
    return null;
  })();
  expect(isEngramError(thrown, 'E0803') && thrown.message).toBe(message);
  expect(isEngramError(thrown) && thrown.facts[0]![0]).toBe('allowed');
});
