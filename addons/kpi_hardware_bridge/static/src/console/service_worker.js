/* eslint-disable no-restricted-globals -- a service worker is its own self */
/* Keeps the page for a start without the server. The server writes PAGE before this. */
/* global PAGE */

const CACHE = `${PAGE.path}|${PAGE.version}`;
const MEDIA = `${PAGE.path}|media`;

async function install() {
    const cache = await caches.open(CACHE);
    const requests = [
        PAGE.path,
        `${PAGE.path}/manifest.webmanifest`,
        ...PAGE.files,
    ].map((address) => new Request(address, {credentials: "omit", cache: "reload"}));
    await cache.addAll(requests);
    await self.skipWaiting();
}

async function activate() {
    for (const name of await caches.keys()) {
        if (name.startsWith(`${PAGE.path}|`) && ![CACHE, MEDIA].includes(name)) {
            await caches.delete(name);
        }
    }
    await self.clients.claim();
}

async function fromCache(request, address) {
    const cache = await caches.open(CACHE);
    return (await cache.match(address)) || fetch(request);
}

/** One invitation is kept: that of the question in force. */
async function media(request, address) {
    const cache = await caches.open(MEDIA);
    const known = await cache.match(address);
    if (known) {
        return known;
    }
    const response = await fetch(request);
    if (response.ok && response.status === 200) {
        for (const other of await cache.keys()) {
            await cache.delete(other);
        }
        await cache.put(address, response.clone());
    }
    return response;
}

self.addEventListener("install", (ev) => ev.waitUntil(install()));
self.addEventListener("activate", (ev) => ev.waitUntil(activate()));
self.addEventListener("fetch", (ev) => {
    const {origin, pathname} = new URL(ev.request.url);
    if (ev.request.method !== "GET" || origin !== self.location.origin) {
        return;
    }
    if (pathname.startsWith(`${PAGE.path}/invitation/`)) {
        ev.respondWith(media(ev.request, pathname));
    } else if (
        pathname === PAGE.path ||
        pathname === `${PAGE.path}/manifest.webmanifest` ||
        PAGE.files.includes(pathname)
    ) {
        ev.respondWith(fromCache(ev.request, pathname));
    }
});
