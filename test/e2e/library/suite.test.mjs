import { suite } from "hopwise/vitest";

suite(new URL("./streams", import.meta.url), { runtime: "process", servers: ["servers"], name: "our streams" });
