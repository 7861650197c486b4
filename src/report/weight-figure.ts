import type { WeightPicture } from './learning-data.js';
import { element, figure, label } from './svg.js';

const cell = { width: 14, height: 9 };
const left = 84;
const top = 44;
const gap = 56;

/** Weights before and after as two heat maps, cue lines by action neurons. */
export function weightFigure(picture: WeightPicture): string {
  const { before, after, label: name } = picture;
  const columns = before[0]?.length ?? 0;
  const mapWidth = columns * cell.width;
  const width = left + mapWidth * 2 + gap + 12;
  const height = top + before.length * cell.height + 12;
  return figure(
    width,
    height,
    `Weights ${name}, before and after training`,
    'Darker cells are stronger synapses.',
    ...rowLabels(picture),
    heatMap(picture, before, left, 'before'),
    heatMap(picture, after, left + mapWidth + gap, 'after'),
  );
}

function rowLabels({ rowGroups }: WeightPicture): string[] {
  let row = 0;
  return rowGroups.map(({ label: text, count }) => {
    const y = top + (row + count / 2) * cell.height + 4;
    row += count;
    return label(left - 10, y, text, { 'text-anchor': 'end' });
  });
}

function heatMap(picture: WeightPicture, weights: WeightPicture['before'], x: number, title: string): string {
  const columns = weights[0]?.length ?? 0;
  const parts = [
    label(x + (columns * cell.width) / 2, 14, title, { 'text-anchor': 'middle', class: 'name' }),
  ];
  let column = 0;
  for (const { label: text, count } of picture.columnGroups) {
    parts.push(
      label(x + (column + count / 2) * cell.width, 34, text, { 'text-anchor': 'middle', class: 'small' }),
    );
    column += count;
  }
  weights.forEach((row, r) => {
    row.forEach((weight, c) => {
      const span = picture.max - picture.min || 1;
      const share = Math.max(0, Math.min(1, (weight - picture.min) / span));
      parts.push(
        element('rect', {
          x: x + c * cell.width,
          y: top + r * cell.height,
          width: cell.width - 1,
          height: cell.height - 1,
          class: 'cell',
          'fill-opacity': 0.06 + 0.94 * share,
        }),
      );
    });
  });
  return parts.join('');
}
