import {browser} from "@web/core/browser/browser";
import {onWillUnmount} from "@odoo/owl";

/**
 * @param {Function} work
 * @param {Number} milliseconds
 */
export function useInterval(work, milliseconds) {
    const timer = browser.setInterval(work, milliseconds);
    onWillUnmount(() => browser.clearInterval(timer));
}
