// nginx's own knowledge: what may be guilty, what may cure, what only seems to.
import type { Dialect } from "../configuration.ts";
import { folkCures } from "./folk.ts";
import { meansOf } from "./means.ts";
import { remedies } from "./remedies.ts";
import { refusedLine } from "./refusals.ts";
import type { Parsed } from "./scene.ts";
import { suspects } from "./suspects.ts";
import { contentOf } from "./template.ts";

export const nginxDialect: Dialect<Parsed> = { id: "nginx", means: meansOf, contentOf, suspects, remedies, folkCures, refusedLine };
