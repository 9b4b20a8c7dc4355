/* The desk's keys; letters by their place on the keyboard, whatever the alphabet. */
const LETTERS = {KeyU: "undo", KeyN: "skip", KeyV: "archive"};
const NAMES = {
    Enter: "confirm",
    Backspace: "back",
    Escape: "back",
    " ": "play",
    ArrowLeft: "rewind",
    ArrowRight: "forward",
    ArrowUp: "press",
    "?": "help",
};
const OPERATES =
    "a, button, input, select, summary, textarea, video, [contenteditable]";

/**
 * What a key means to the desk, if anything.
 *
 * @param {KeyboardEvent} ev
 * @returns {{name: String, digit: Number}|null}
 */
export function commandOf(ev) {
    // Three quick digits and Enter look like a scanned code: the barcode service then
    // prevents the default of Enter, and we take it all the same.
    const {key, code} = ev;
    if (ev.altKey || ev.ctrlKey || ev.metaKey) {
        return null;
    }
    const isTyping = ev.target.closest?.("input, select, textarea, [contenteditable]");
    const operates = ["Enter", " "].includes(key) && ev.target.closest?.(OPERATES);
    if (isTyping || operates) {
        return null;
    }
    if (key in NAMES) {
        return {name: NAMES[key]};
    }
    const digit = /^[0-9]$/.exec(key) || /^(?:Digit|Numpad)([0-9])$/.exec(code || "");
    if (digit) {
        return {name: "digit", digit: Number(digit[digit.length - 1])};
    }
    const letter = LETTERS[code] || LETTERS[`Key${key.toUpperCase()}`];
    return letter ? {name: letter} : null;
}
