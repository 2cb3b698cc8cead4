/** Pictures as text: Mermaid, Graphviz, JSON. Arrows that break a rule are marked, erased ones dashed. */
import type { Arrow, Picture } from './groups.ts';

/** Whether nothing is left of an arrow when the code runs. */
function isErased({ counts, count }: Arrow): boolean {
  return (counts.erased ?? 0) + (counts.mock ?? 0) === count;
}

function label({ count, breaks }: Arrow): string {
  return breaks.length === 0 ? String(count) : `${count}, breaks ${breaks.join(', ')}`;
}

/** For Markdown pages that draw Mermaid. */
export function mermaidOf({ nodes, arrows }: Picture): string {
  const ids = new Map(nodes.map((node, index) => [node, `n${index}`]));
  const broken = arrows.flatMap(({ breaks }, index) => (breaks.length > 0 ? [index] : []));
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${ids.get(node) ?? ''}["${entities(node)}"]`),
    ...arrows.map((arrow) => {
      const line = isErased(arrow) ? '-.->' : '-->';
      return `  ${ids.get(arrow.from) ?? ''} ${line}|"${entities(label(arrow))}"| ${ids.get(arrow.to) ?? ''}`;
    }),
    ...(broken.length === 0 ? [] : [`  linkStyle ${broken.join(',')} stroke:#c00,stroke-width:2px`]),
    '',
  ].join('\n');
}

/** Letters that end a Mermaid text, as it wants them written. */
function entities(text: string): string {
  return text.replaceAll(/[#"<>&]/g, (letter) => `#${letter.codePointAt(0) ?? 0};`);
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** For Graphviz. */
export function dotOf({ nodes, arrows }: Picture): string {
  return [
    'digraph imports {',
    '  rankdir=LR; node [shape=box];',
    ...nodes.map((node) => `  ${quoted(node)};`),
    ...arrows.map((arrow) => {
      const style = isErased(arrow) ? ', style=dashed' : '';
      const color = arrow.breaks.length > 0 ? ', color=red, fontcolor=red' : '';
      return `  ${quoted(arrow.from)} -> ${quoted(arrow.to)} [label=${quoted(label(arrow))}${style}${color}];`;
    }),
    '}',
    '',
  ].join('\n');
}

export function jsonOf(picture: Picture): string {
  return `${JSON.stringify({ version: 1, ...picture }, undefined, 2)}\n`;
}
