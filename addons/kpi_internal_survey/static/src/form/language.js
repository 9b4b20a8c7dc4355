const KEY = "kpi_survey_language";

/**
 * Keep the language that somebody chose, or go on in the one he chose before.
 *
 * @param {Object} page
 * @returns {Boolean} false when the page is loaded anew in another language
 */
export function rememberLanguage(page) {
    const address = new URL(location.href);
    const asked = address.searchParams.get("lang");
    try {
        if (asked) {
            localStorage.setItem(KEY, page.lang);
            return true;
        }
        const kept = localStorage.getItem(KEY);
        if (kept && kept !== page.lang && page.languages.includes(kept)) {
            address.searchParams.set("lang", kept);
            location.replace(address);
            return false;
        }
    } catch {
        // The browser's own language, then.
    }
    return true;
}
