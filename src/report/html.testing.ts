/** Open tags that were never closed, or closed in the wrong order. */
export function unbalanced(html: string): string[] {
  const empty = new Set(['meta', 'br', 'hr']);
  const open: string[] = [];
  const wrong: string[] = [];
  const body = html.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<!doctype html>/, '');
  for (const [, slash, name, self] of body.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/gi)) {
    if (self || empty.has(name!)) continue;
    if (!slash) open.push(name!);
    else if (open.pop() !== name) wrong.push(name!);
  }
  return [...open, ...wrong];
}
