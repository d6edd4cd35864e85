// What `hopwise check` tells of a trial is what `hopwise run` tells of it: these parts of check.schema.json come from report.schema.json.
import { readFileSync, writeFileSync } from "node:fs";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../harness/report/${name}`, import.meta.url), "utf8"));

const { definitions } = read("report.schema.json");
delete definitions.shard;
const schema = read("check.schema.json");
Object.assign(schema.definitions, definitions);
writeFileSync(new URL("../harness/report/check.schema.json", import.meta.url), JSON.stringify(schema, null, 2));
