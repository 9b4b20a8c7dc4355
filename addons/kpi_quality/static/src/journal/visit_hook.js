import {useEffect, useExternalListener} from "@odoo/owl";
import {VisitClock} from "./visit_clock";

const ROUTE = "/kpi_quality/journal/opened";
const SIGNS_OF_LIFE = ["keydown", "pointerdown", "pointermove", "touchstart", "wheel"];

/** One opening of one record; tells the server how long it was worked on. */
class Visit {
    constructor(model, id) {
        this.model = model;
        this.id = id;
        this.key = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) =>
            part.toString(16).padStart(8, "0")
        ).join("-");
        this.clock = new VisitClock();
        this.told = 0;
    }

    /** Whoever works on a record is not to notice: what fails, fails in silence. */
    tell() {
        const {seconds} = this.clock;
        if (seconds <= this.told) {
            return;
        }
        this.told = seconds;
        const {model, id, key: visit} = this;
        const body = JSON.stringify({model, id, visit, seconds});
        try {
            // A beacon leaves even when the tab is being closed.
            navigator.sendBeacon(ROUTE, new Blob([body], {type: "application/json"}));
        } catch {
            // Blocked by the browser: the visit is not noted.
        }
    }
}

/**
 * Note how long the user works on the record of a form.
 *
 * @param {Function} getRecord returns `{model, id}` of what is open; no id: nothing
 */
export function useVisit(getRecord) {
    let visit = null;
    const present = () => visit?.clock.present(Date.now());
    const away = () => {
        visit?.clock.away(Date.now());
        visit?.tell();
    };
    const onVisibility = () => (document.hidden ? away() : present());

    useEffect(
        (model, id) => {
            if (!id) {
                return;
            }
            visit = new Visit(model, id);
            onVisibility();
            return () => {
                away();
                visit = null;
            };
        },
        () => {
            const {model, id} = getRecord();
            return [model, id];
        }
    );
    for (const sign of SIGNS_OF_LIFE) {
        useExternalListener(window, sign, present, {capture: true, passive: true});
    }
    useExternalListener(document, "visibilitychange", onVisibility);
    useExternalListener(window, "pagehide", away);
}
