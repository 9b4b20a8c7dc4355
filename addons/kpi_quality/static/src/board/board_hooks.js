import {onMounted, onWillStart, useEffect, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {useSetupAction} from "@web/search/action_hook";

export const REFRESH_EVERY = 60_000;

/**
 * Load a board's store before it is shown, and again every minute while somebody may
 * be looking; at once when he looks again. The filters stay in the address bar, and
 * in the breadcrumbs.
 *
 * @param {Object} params
 * @param {Object} params.props of the client action
 * @param {Object} params.rootRef
 * @param {Object} params.store `filters`, `loadedAt` and `load(changes)`
 * @param {Object} params.memory a `BoardMemory`
 * @returns {{store: Object, changeFilters: Function}}
 */
export function useBoard({props, rootRef, store: plainStore, memory}) {
    const store = useState(plainStore);
    const remember = () => props.updateActionState?.(memory.toUrl(store.filters));
    useSetupAction({rootRef, getLocalState: () => ({filters: store.filters})});
    onWillStart(() => store.load());
    onMounted(remember);
    useEffect(
        () => {
            const refresh = () => {
                const isOld = Date.now() - store.loadedAt >= REFRESH_EVERY / 2;
                if (document.visibilityState === "visible" && isOld) {
                    store.load();
                }
            };
            const timer = browser.setInterval(refresh, REFRESH_EVERY);
            document.addEventListener("visibilitychange", refresh);
            return () => {
                browser.clearInterval(timer);
                document.removeEventListener("visibilitychange", refresh);
            };
        },
        () => []
    );
    const changeFilters = async (changes) => {
        await store.load(changes);
        remember();
    };
    return {store, changeFilters};
}
