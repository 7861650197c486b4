import { element, escapeText } from './svg.js';

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5d6670; --paper: #ffffff; --line: #d9dee3; --band: #f1f4f7;
  --traced: #0b6e4f; --control: #b3541e; --unchosen: #7b8794; --reward: #8a5a00; --mark: #2456a6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #a2abb4; --paper: #14171a; --line: #333a41; --band: #1d2227;
  --traced: #4cc9a0; --control: #f0935a; --unchosen: #8b97a3; --reward: #e6b450; --mark: #7fb0ff; } }
body { margin: 0 auto; max-width: 860px; padding: 32px 20px 64px; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .4em; } h2 { font-size: 1.1rem; margin: 2.4em 0 .2em; }
p { margin: .3em 0 .9em; } .lead { font-size: 1.1rem; color: var(--soft); }
svg { display: block; width: 100%; height: auto; overflow: visible; } svg text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--ink); }
svg text.small { font-size: 12px; fill: var(--soft); } svg text.name { font-weight: 600; }
.grid { stroke: var(--line); stroke-width: 1; } .chance { stroke: var(--soft); stroke-dasharray: 4 4; }
.curve { stroke-width: 2.5; stroke: var(--ink); } .curve.traced { stroke: var(--traced); } .curve.control { stroke: var(--control); stroke-dasharray: 6 3; }
.curve.unchosen { stroke: var(--unchosen); } .curve.modulator { stroke: var(--reward); }
text.traced { fill: var(--traced) !important; } text.control { fill: var(--control) !important; }
.spike { stroke: var(--soft); stroke-width: 1.2; } .spike.chosen { stroke: var(--traced); } .spike.unchosen { stroke: var(--unchosen); }
.cue-band { fill: var(--band); } .reward-line { stroke: var(--reward); stroke-width: 1.5; } .mark { fill: var(--traced); }
.cell { fill: var(--mark); } .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 32px; } @media (max-width: 640px) { .pair { grid-template-columns: 1fr; } }
table { border-collapse: collapse; font-size: .9rem; } td, th { text-align: left; padding: 3px 18px 3px 0; vertical-align: top; } th { font-weight: 400; color: var(--soft); }
figure { margin: 0; } code { font-size: .9em; overflow-wrap: anywhere; } @media print { body { max-width: none; } }`;

/** A page that needs nothing from outside: no script, no font, no image, no link to another host. */
export function page(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;
}

export function heading(level: 1 | 2, text: string): string {
  return element(`h${level}`, {}, escapeText(text));
}

export function paragraph(text: string, className?: string): string {
  return element('p', className ? { class: className } : {}, escapeText(text));
}

export function factTable(facts: readonly (readonly [string, string])[]): string {
  const rows = facts.map(([name, value]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, escapeText(name)),
      element('td', {}, escapeText(value)),
    ),
  );
  return element('table', {}, element('tbody', {}, ...rows));
}
