import { type Browser, chromium } from "playwright-core";
import { type CodeServer, type CodeServerOptions, startCodeServer } from "./codeServer.js";

const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A page that a test has changed on its way counts as one from the internet, which may not talk with this machine.
  "--disable-features=LocalNetworkAccessChecks",
];

/** The Chromium that all windows of this process share. */
let browser: Promise<Browser> | undefined;

/** Starts Chromium, or answers with the one already started. */
export function launchChromium(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: process.env.PACKETWALK_CHROMIUM ?? "/usr/bin/chromium",
    args: chromiumArguments,
  });
  return browser;
}

const servers = new Map<string, Promise<CodeServer>>();

/** The VS Code server for these options, started on first use and shared by all windows of this process. */
export function sharedServer(options: CodeServerOptions = {}): Promise<CodeServer> {
  const key = JSON.stringify(options);
  const server = servers.get(key) ?? startCodeServer(options);
  servers.set(key, server);
  return server;
}

/** Ends Chromium and the shared servers. */
export async function stopSharedHosts(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
  for (const server of servers.values()) await (await server).stop();
  servers.clear();
}
