// The look of a page. Sizes of rows are those of the drawing.
import { colors, pictureStyle } from "./picture-style.ts";
import { heights } from "./rows.ts";

const rows = Object.entries(heights)
  .map(([kind, height]) => `.row.${kind}{height:${height}px}`)
  .join("");

export const style = `${colors(":root")}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:72rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem}
h3{font-size:1.1rem;line-height:1.35;margin:0}
p{margin:.4rem 0}
a{color:var(--sound)}
code,pre,.place{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
pre{margin:.6rem 0;padding:.75rem;background:var(--panel);border-radius:6px;overflow-x:auto;white-space:pre-wrap}
h1,h2,h3,h4,figcaption,header p,.card p,.culprits li,.chain li,dd,dt,.top code,.change>div,li{max-height:16em;overflow:hidden}
.quote{max-height:16em;overflow:hidden}
.shapes{position:absolute}
.soft{color:var(--soft)}
.counts{font-size:1.05rem}
.mark{font-weight:700;white-space:nowrap}
.fail>.top .mark,.error>.top .mark,.bad{color:var(--harm)}
.pass>.top .mark,.good{color:var(--good)}
.inconclusive>.top .mark,.unsupported>.top .mark,.harness-fault>.top .mark,.warning>.top .mark,.open{color:var(--open)}
.culprits{list-style:none;padding:0;margin:1rem 0;display:grid;gap:.35rem}
.culprits li{display:flex;flex-wrap:wrap;gap:.3rem .75rem;align-items:baseline;padding:.5rem .8rem;border-left:4px solid var(--harm);background:var(--tint);border-radius:0 6px 6px 0}
.culprits.known li{background:var(--panel);border-left-color:var(--fine)}
.card{border:1px solid var(--line);border-left:5px solid var(--line);border-radius:8px;padding:1rem 1.1rem;margin:0 0 1.25rem;content-visibility:auto;contain-intrinsic-size:auto 520px}
.card.fail,.card.error{border-left-color:var(--harm)}
.card.pass{border-left-color:var(--good)}
.card.inconclusive,.card.unsupported,.card.harness-fault,.card.warning{border-left-color:var(--open)}
.top{display:flex;flex-wrap:wrap;gap:.2rem .8rem;align-items:baseline}
.top h3{flex:1 1 16rem}
.verdict{font-size:1.05rem}
.chain{display:flex;flex-wrap:wrap;gap:.3rem;align-items:center;margin:.5rem 0;padding:0;list-style:none;font-size:.92rem}
.chain li{border:1px solid var(--line);border-radius:999px;padding:.05rem .7rem}
.chain li+li::before{content:none}
.chain .arrow{border:0;padding:0;color:var(--soft)}
.chain .culprit{border:2px solid var(--harm);color:var(--harm);font-weight:700;background:var(--tint)}
.quote{border-left:4px solid var(--harm);background:var(--tint)}
.quote b,.diff .line{color:inherit}
.picture{margin:.8rem 0}
.picture figcaption{color:var(--soft);font-size:.92rem;margin-bottom:.3rem}
.frame{display:grid;grid-template-columns:12.5rem minmax(0,1fr)}
.row{display:flex;flex-direction:column;justify-content:center;overflow:hidden;line-height:1.15;font-size:.84rem;padding-right:.5rem}
.row b{font-weight:500;max-height:2.4em;overflow:hidden}
.row span{color:var(--soft);font-size:.8rem}
.row.hop b{color:var(--soft);padding-left:1rem}
.row.culprit b{font-weight:700;font-size:1.1rem;color:var(--harm);max-height:2.5em}
.row.culprit span{color:var(--harm);font-size:.95rem;font-weight:700}
${rows}
.row.culprit{margin:2px -.75rem 2px 0;height:${heights.culprit - 4}px;background:var(--tint);border:1px solid var(--harm);border-right:0;border-radius:4px 0 0 4px;padding-left:.6rem}
.view{padding:0 .75rem;min-width:0;overflow:hidden;touch-action:pan-y;cursor:crosshair}
.view:focus-visible{outline:3px solid var(--sound);outline-offset:2px}
.plot{display:block;overflow:visible}
.plot .choice{fill:var(--sound);fill-opacity:.18}
.range{display:flex;flex-wrap:wrap;gap:.4rem .7rem;align-items:center;font-size:.78rem;color:var(--soft);margin:.4rem 0}
@media(hover:none){.range span{display:none}}
.range input{width:6.5rem}
input,select,button{font:inherit;color:var(--ink);background:var(--page);border:1px solid var(--soft);border-radius:6px;padding:.2rem .5rem;max-width:100%}
button{cursor:pointer}
.filters{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:end;background:var(--page);padding:.6rem 0;border-bottom:1px solid var(--line);margin-bottom:1rem}
.filters label{display:flex;flex-direction:column;font-size:.78rem;color:var(--soft)}
.filters select,.filters input{min-width:7rem}
.filters output{margin-left:auto;color:var(--soft);font-size:.9rem}
.tip{position:fixed;z-index:3;left:0;top:0;max-width:min(26rem,90vw);background:var(--ink);color:var(--page);padding:.35rem .6rem;border-radius:6px;font-size:.85rem;pointer-events:none}
[hidden]{display:none!important}
.diff{padding:.6rem 0}
.diff span{display:block;padding:0 .75rem;white-space:pre-wrap}
.diff .add{background:color-mix(in srgb,var(--good) 16%,transparent)}
.diff .del{background:color-mix(in srgb,var(--harm) 14%,transparent)}
.diff .at{color:var(--soft)}
.change{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:.6rem;margin:.6rem 0}
.change>div{padding:.5rem .75rem;border-radius:6px;background:var(--panel)}
.change b{display:block;font-size:.85rem}
.copy{font-size:.82rem}
details>summary{cursor:pointer;color:var(--soft);font-size:.92rem}
.scroll{overflow-x:auto;max-height:24rem}
.scroll:has(.routes){max-height:none}
.look iframe{width:100%;height:80vh;border:0}
table{border-collapse:collapse;font-size:.88rem}
.routes th{max-width:24rem}
.routes a{display:block;max-height:8em;overflow:hidden}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;overflow-wrap:normal}
tr.differs>*{background:var(--tint)}
.routes td a{color:inherit}
td.n,.held{white-space:nowrap}
.held{color:var(--soft);font-size:.8rem}
.routes td.bad{background:var(--tint)}
.routes th:first-child{position:sticky;left:0;background:var(--page)}
.routes td,.routes th{padding:.4rem .7rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.8rem 0;font-size:.92rem}
dt{color:var(--soft)}
dd{margin:0;min-width:0}
${pictureStyle}
@media(max-width:40rem){body{padding:.9rem}h1{font-size:1.35rem}.card{padding:.8rem .7rem}.frame{grid-template-columns:5.6rem minmax(0,1fr)}.row{font-size:.72rem}.row.culprit b{font-size:.9rem}.row.culprit span{font-size:.75rem}.row.hop b{padding-left:.3rem}.ticks text.odd{display:none}.said{font-size:13px}.filters label{flex:1 1 8rem}dl{grid-template-columns:1fr}dt{margin-top:.3rem}}
@media print{.filters,.copy,.range,.tip{display:none}.card{break-inside:avoid;content-visibility:visible}body{max-width:none}}`;
