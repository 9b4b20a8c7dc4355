const KEY = "kpi_survey_code";

/** The letters that are meant, whatever dashes and spaces somebody typed. */
export function meant(typed) {
    return typed
        .toUpperCase()
        .replace(/[\s\-\u2010-\u2014]/g, "")
        .replace(/[IL]/g, "1")
        .replace(/O/g, "0");
}

/** A name for what is kept for this code: the code does not follow from it. */
export function mark(code) {
    let high = 0xdeadbeef;
    let low = 0x41c6ce57;
    for (const letter of meant(code)) {
        const number = letter.charCodeAt(0);
        high = Math.imul(high ^ number, 2654435761);
        low = Math.imul(low ^ number, 1597334677);
    }
    return ((high ^ (low >>> 13)) >>> 0).toString(36);
}

/** For as long as the tab is open. */
export function keepCode(token, code) {
    try {
        sessionStorage.setItem(KEY, JSON.stringify([token, code]));
    } catch {
        // After a reload the link has to be opened again.
    }
}

/**
 * The code of the link, or of this tab after a reload.
 *
 * The link's is taken out of the address: who comes to this computer later does not
 * find it there.
 */
export function findCode(token) {
    const fragment = decodeURIComponent(location.hash.slice(1));
    if (fragment) {
        history.replaceState(null, "", location.pathname + location.search);
        keepCode(token, fragment);
        return fragment;
    }
    try {
        const [owner, code] = JSON.parse(sessionStorage.getItem(KEY) || "[]");
        return owner === token ? code : "";
    } catch {
        return "";
    }
}

export function forgetCode() {
    try {
        sessionStorage.removeItem(KEY);
    } catch {
        // Nothing is kept there.
    }
}
