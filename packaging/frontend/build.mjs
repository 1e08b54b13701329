/*
 * Bundles the libraries that pages of scripts use: `node build.mjs [FOLDER]`, after `npm ci`.
 *
 * Every file of entries/ becomes one file of the same name, which needs no other and nothing from a network. LICENSES.md
 * beside them lists each package of which something is in a bundle.
 */

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const FOLDER = path.resolve(process.argv[2] ?? path.join(HERE, "../../deskapp/script/libraries"));
const ENGINES = ["es2022", "chrome94", "firefox93", "safari15"];

/** Where the dark colours of code hold. */
const DARK_SCOPES = { "prefers-color-scheme": ":root:not([data-theme])", "data-theme": "[data-theme=dark]" };

/** @type {esbuild.Plugin} `@import "dark:…"`: the dark colours of code, for one of DARK_SCOPES only. */
const darkColors = {
  name: "dark colours",
  setup(build) {
    const file = createRequire(import.meta.url).resolve("highlight.js/styles/a11y-dark.css");
    build.onResolve({ filter: /^dark:/ }, ({ path: name }) => ({ path: file, namespace: "file", suffix: `?${name.slice(5)}` }));
    build.onLoad({ filter: /a11y-dark\.css$/ }, async ({ suffix }) => ({
      contents: `${DARK_SCOPES[suffix.slice(1)]} { ${await readFile(file, "utf8")} }`,
      loader: "css",
    }));
  },
};

const target = `${FOLDER}-${process.pid}`; // whole or not at all
await mkdir(target);
try {
  const names = (await readdir(path.join(HERE, "entries"))).sort();
  const { metafile } = await esbuild.build({
    absWorkingDir: HERE,
    entryPoints: names.map((name) => `entries/${name}`),
    outdir: target,
    bundle: true,
    minify: true,
    format: "iife",
    target: ENGINES,
    charset: "utf8",
    legalComments: "eof",
    metafile: true,
    plugins: [darkColors],
    logLevel: "warning",
  });
  await writeFile(path.join(target, "LICENSES.md"), await licenses(metafile));
  await rm(FOLDER, { recursive: true, force: true });
  await rename(target, FOLDER);
} finally {
  await rm(target, { recursive: true, force: true });
}
for (const name of (await readdir(FOLDER)).sort()) {
  console.log(`${String(Math.ceil((await stat(path.join(FOLDER, name))).size / 1000)).padStart(5)} kB  ${name}`);
}

/**
 * The list of packages and their licences.
 *
 * @param {esbuild.Metafile} metafile
 * @returns {Promise<string>}
 */
async function licenses(metafile) {
  /** @type {Map<string, Set<string>>} Files by the package of which they hold something. */
  const packages = new Map();
  for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
      if (name !== undefined && bytesInOutput > 0) {
        packages.set(name, (packages.get(name) ?? new Set()).add(path.basename(file)));
      }
    }
  }
  const parts = ["# Licences of the front-end libraries", "Packages from npm of which something is in a file beside this one."];
  for (const name of [...packages.keys()].sort()) {
    const folder = path.join(HERE, "node_modules", name);
    const facts = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const files = (await readdir(folder)).filter((each) => /^(licen[cs]e|copying|notice)(\.|-|$)/i.test(each)).sort();
    if (files.length === 0) {
      throw new Error(`${name} has no file with the text of its licence`);
    }
    const homepage = facts.homepage ?? facts.repository?.url ?? facts.repository;
    parts.push(
      `## ${name} ${facts.version}`,
      [`- licence: ${facts.license}`, `- homepage: ${homepage}`, `- in: ${[...packages.get(name)].sort().join(", ")}`].join("\n"),
    );
    for (const file of files) {
      parts.push(`\`\`\`\`text\n${(await readFile(path.join(folder, file), "utf8")).replace(/\r\n/g, "\n").trim()}\n\`\`\`\``);
    }
  }
  return `${parts.join("\n\n")}\n`;
}
