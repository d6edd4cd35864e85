import { defineOrigin } from "../../../../harness/define.ts";
import bad from "./bad.ts";

export default defineOrigin({ ...bad, title: "Its folder is missing" });
