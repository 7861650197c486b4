/** A little of SVG as strings: escaping, linear scales, elements. */

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Maps [from0, from1] linearly onto [to0, to1]. */
export function linearScale(
  from: readonly [number, number],
  to: readonly [number, number],
): (value: number) => number {
  const span = from[1] - from[0] || 1;
  return (value) => to[0] + ((value - from[0]) / span) * (to[1] - to[0]);
}

type Attributes = Readonly<Record<string, string | number>>;

/** An element with attributes and children; attribute values are escaped, children are taken as they are. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(number(value))}"`);
  return children.length === 0
    ? `<${name}${list.join('')}/>`
    : `<${name}${list.join('')}>${children.join('')}</${name}>`;
}

export function label(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(text));
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string {
  return element('line', { x1, y1, x2, y2, ...attributes });
}

export function polyline(
  points: readonly (readonly [number, number])[],
  attributes: Attributes = {},
): string {
  return element('polyline', {
    points: points.map(([x, y]) => `${number(x)},${number(y)}`).join(' '),
    fill: 'none',
    ...attributes,
  });
}

/** A figure that a screen reader can name. */
export function figure(
  width: number,
  height: number,
  title: string,
  description: string,
  ...parts: readonly string[]
): string {
  return element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(description)),
    ...parts,
  );
}

/** A figure as a file of its own. */
export function svgFile(svg: string): string {
  return `${svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')}\n`;
}

function number(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;
}
