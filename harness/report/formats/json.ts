// Everything, with a schema.
import { checkJson } from "../check-json.ts";
import type { Format } from "../format.ts";
import { asJson, json } from "../json.ts";

export default { ending: "json", is: "everything, with a JSON Schema", run: json, check: checkJson, probe: asJson } satisfies Format;
