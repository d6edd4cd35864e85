// temporary
import { fork } from "node:child_process";
const c = fork(new URL("_part-process.ts", import.meta.url), [process.argv[2]!]);
c.on("message", (m: any) => m.kind === "figures" ? console.table(m.figures.map((f: any) => ({...f, ratioTo: f.ratioTo?.ratio}))) : console.log(m.kind, m.text ?? m.why));
