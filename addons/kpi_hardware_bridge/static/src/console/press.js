/** Longer than this nobody holds a button on purpose, in ms. */
const LONGEST = 10000;
const KEYS = ["Enter", " "];

let pressed = 0;

/** Whether a finger is on some button now. */
export function isPressing() {
    return pressed > 0;
}

/**
 * Make an element a real button: it goes down, is held and comes up, whatever happens.
 *
 * @param {HTMLElement} element
 * @param {import("./clock").Clock} clock
 * @param {Object} options
 * @param {Function} options.onPress called with the time it went down and ms held
 * @param {Function} [options.onHold] called while it is held, with the ms so far
 */
export function bindPress(element, clock, {onPress, onHold}) {
    let down = null;

    function end() {
        if (!down) {
            return;
        }
        const {stamp, since} = down;
        down = null;
        pressed -= 1;
        element.classList.remove("is-down");
        onHold?.(0);
        onPress(stamp, Math.round(Math.min(performance.now() - since, LONGEST)));
    }

    function begin() {
        if (down || element.disabled) {
            return;
        }
        const began = {stamp: clock.now(), since: performance.now()};
        down = began;
        pressed += 1;
        element.classList.add("is-down");
        function follow() {
            if (down !== began) {
                return;
            }
            const held = performance.now() - began.since;
            if (held >= LONGEST) {
                end();
                return;
            }
            onHold?.(held);
            requestAnimationFrame(follow);
        }
        requestAnimationFrame(follow);
    }

    element.addEventListener("pointerdown", (ev) => {
        if (ev.button === 0) {
            element.setPointerCapture(ev.pointerId);
            begin();
        }
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
        element.addEventListener(name, end);
    }
    element.addEventListener("keydown", (ev) => {
        if (KEYS.includes(ev.key)) {
            ev.preventDefault();
            if (!ev.repeat) {
                begin();
            }
        }
    });
    element.addEventListener("keyup", (ev) => {
        if (KEYS.includes(ev.key)) {
            ev.preventDefault();
            end();
        }
    });
    // A screen reader has no finger: it clicks.
    element.addEventListener("click", (ev) => {
        if (ev.detail === 0 && ev.pointerType !== "mouse" && !down) {
            begin();
            end();
        }
    });
}
