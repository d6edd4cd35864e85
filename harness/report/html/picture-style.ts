// Colors and lines of the pictures, for pages and for SVG files. Blue and vermilion (Okabe and Ito) stay apart for color-blind readers.

const light = `--ink:#1b1f24;--soft:#5a6370;--line:#d5dae1;--page:#fff;--panel:#f5f7f9;--sound:#0b62a8;--harm:#b8420b;--tint:#fdeee5;--good:#0b6b4f;--open:#7a5b00;--fine:#8fa3b8`;
const dark = `--ink:#e7ebf0;--soft:#a3adba;--line:#39414c;--page:#14181d;--panel:#1d232a;--sound:#63b3f3;--harm:#ff9456;--tint:#3a2418;--good:#5fd0a5;--open:#e2bd55;--fine:#5d7186`;

/** For `:root`, or for an SVG file. */
export const colors = (root: string): string => `${root}{${light}}@media(prefers-color-scheme:dark){${root}{${dark}}}`;

export const pictureStyle = `
.ticks line{stroke:var(--line);stroke-width:1}
.ticks text,.unit{fill:var(--soft);font:11px system-ui,sans-serif;text-anchor:middle}
.ticks text.first,.unit{text-anchor:start}
.ticks text.last{text-anchor:end}
.band.hop{fill:var(--panel);stroke:none}
.band.culprit{fill:var(--tint);stroke:var(--harm);stroke-width:1}
.lane{stroke:var(--fine);stroke-width:2}
.lane.control{stroke-width:1;stroke-dasharray:2 4}
.join{stroke:var(--sound);stroke-opacity:.55;stroke-width:1}
.join.culprit{stroke:var(--harm);stroke-opacity:.8;stroke-width:1.5}
.join.shared{stroke:var(--harm);stroke-opacity:.6;stroke-width:1;stroke-dasharray:5 4}
.m{stroke:var(--page);stroke-width:1}
.m.sound{fill:var(--sound)}
.m.harmed{fill:var(--harm)}
.m.faint{fill:none;stroke:var(--fine)}
.area{fill:var(--harm);fill-opacity:.28;stroke:none}
.m.held{fill:transparent;stroke:none}
.m.held.now{stroke:var(--ink);stroke-width:2}
.m.now{stroke:var(--ink);stroke-width:2.5;fill-opacity:1}
.count{fill:var(--soft);font:700 12px system-ui,sans-serif;text-anchor:end;stroke:var(--page);stroke-width:4px;paint-order:stroke}
.count.harmed{fill:var(--harm)}
.count.sound{fill:var(--sound)}
.span{stroke:var(--harm);stroke-width:2}
.span.fine{stroke:var(--fine);stroke-width:1}
.said{fill:var(--harm);font:700 15px system-ui,sans-serif;text-anchor:middle;stroke:var(--tint);stroke-width:9px;paint-order:stroke;stroke-linejoin:round}
.said.fine{fill:var(--soft);font-weight:400;font-size:13px;stroke:none}
.said.first{text-anchor:start}
.said.last{text-anchor:end}
.floor{fill:var(--panel);stroke:none}
.step{fill:none;stroke-width:1.5;vector-effect:non-scaling-stroke}
.step.in{stroke:var(--sound)}
.step.out{stroke:var(--harm)}
`;
