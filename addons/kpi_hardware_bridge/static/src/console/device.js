/** Not more often than that, in ms: a page that differs for ever must not blink. */
const RELOAD_AFTER = 10 * 60 * 1000;
const RELOADED = "kpi-console-reloaded";

function reloadWhenIdle(app) {
    const last = Number(sessionStorage.getItem(RELOADED)) || 0;
    if (Date.now() - last < RELOAD_AFTER) {
        return;
    }
    if (app.isBusy()) {
        setTimeout(() => reloadWhenIdle(app), 5000);
        return;
    }
    sessionStorage.setItem(RELOADED, Date.now());
    location.reload();
}

/** Look for the new page when the server has another one than this. */
async function renew(app, workers) {
    if (!app.settings || app.settings.app === app.page.app) {
        return;
    }
    const registration = await workers?.getRegistration(app.page.path);
    await registration?.update().catch(() => undefined);
    // A new worker reloads the page when it took over; else it has done so before.
    if (!registration?.installing && !registration?.waiting) {
        reloadWhenIdle(app);
    }
}

/** The screen stays on as long as the page is seen. */
export function keepAwake() {
    async function request() {
        if (document.visibilityState === "visible") {
            await navigator.wakeLock?.request("screen").catch(() => undefined);
        }
    }
    document.addEventListener("visibilitychange", request);
    // Some browsers want a touch before.
    document.addEventListener("pointerdown", request, {once: true});
    // A console is pressed, and nothing else.
    document.addEventListener("contextmenu", (ev) => ev.preventDefault());
    return request();
}

/** The page starts without the server, renews itself, and can be put on the home screen. */
export function keepInstalled(app) {
    window.addEventListener("beforeinstallprompt", (ev) => {
        ev.preventDefault();
        app.installer = ev;
    });
    window.addEventListener("appinstalled", () => {
        app.installer = null;
    });
    const workers = navigator.serviceWorker;
    const {path} = app.page;
    if (workers) {
        const isFirst = !workers.controller;
        workers
            .register(`${path}/service-worker.js`, {scope: path})
            .catch(() => undefined);
        workers.addEventListener("controllerchange", () => {
            if (!isFirst) {
                reloadWhenIdle(app);
            }
        });
    }
    setInterval(() => renew(app, workers), 60 * 1000);
}
