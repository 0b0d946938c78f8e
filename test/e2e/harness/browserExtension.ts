import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { projectRoot } from "./project.js";

/** Where the extension of this checkout is found on the site of the workbench, which allows its page no other site. */
const mount = "/packetwalk-extension/";

/** What a web extension host loads of an extension. */
const served = /^(?:package\.json|dist\/[\w.-]+|syntaxes\/[\w.-]+|media\/(?:[\w-]+\/)?[\w.-]+)$/;

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".cjs": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/**
 * Has the windows of a browser context load the extension into the web extension host, which has no Node. VS Code takes the place of such
 * an extension from the settings in its own page, and from nowhere else.
 */
export async function loadExtensionIntoBrowser(context: BrowserContext): Promise<void> {
  await context.route(
    ({ pathname }) => pathname.startsWith(mount),
    async (route) => {
      const path = new URL(route.request().url()).pathname.slice(mount.length);
      // VS Code asks for translations even where the manifest uses none, and an answer of "not found" is an error to it.
      if (path === "package.nls.json") return route.fulfill({ json: {} });
      const body = served.test(path) ? await readFile(join(projectRoot, path)).catch(() => undefined) : undefined;
      await route.fulfill(
        body === undefined
          ? { status: 404 }
          : { body, contentType: types[extname(path)] ?? "application/octet-stream" },
      );
    },
  );
  await context.route(
    ({ pathname }) => pathname === "/",
    async (route) => {
      const { protocol, host } = new URL(route.request().url());
      const location = { scheme: protocol.slice(0, -1), authority: host, path: mount };
      const options = "&quot;developmentOptions&quot;:{";
      const extensions = `"extensions":${JSON.stringify([location])},`.replaceAll('"', "&quot;");
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace(options, options + extensions) });
    },
  );
}
