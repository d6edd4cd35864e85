// For code scanning and editors. A run has no lines to point at.
import { checkSarif } from "../check-sarif.ts";
import { either } from "../format.ts";
import type { Format } from "../format.ts";
import { predictedSarif } from "../predicted-sarif.ts";

export default { ending: "sarif", is: "SARIF 2.1.0 for code scanning", check: either(checkSarif, predictedSarif) } satisfies Format;
