import {h} from "./dom";
import {thanksScreen} from "./screens";

/** Milliseconds: how long things stay on the screen. */
const THANKS = 3500;
const TOAST = 2600;
/** A second tap of the same finger is no wish to go on. */
const SAME_TAP = 700;

/** What lies above the page for a moment. */
export class Overlay {
    constructor(app) {
        this.app = app;
    }

    get isThanking() {
        return Boolean(this._thanks);
    }

    thank(title, text) {
        this.drop();
        const thanks = thanksScreen(this.app, title, text);
        this._thanks = thanks;
        document.body.append(thanks);
        const drop = () => this._thanks === thanks && this.drop();
        this._thanksTimer = setTimeout(drop, THANKS);
        setTimeout(() => thanks.addEventListener("pointerdown", drop), SAME_TAP);
    }

    drop() {
        clearTimeout(this._thanksTimer);
        this._thanks?.remove();
        this._thanks = null;
    }

    /** A video over all of it, until it ends or somebody touches it. */
    show(video, stop) {
        const screen = h("div.video", {}, video);
        screen.addEventListener("click", stop);
        video.addEventListener("close", () => screen.remove());
        document.body.append(screen);
    }

    toast(text) {
        this._toast?.remove();
        clearTimeout(this._toastTimer);
        this._toast = h("p.toast", {role: "status"}, text);
        document.body.append(this._toast);
        this._toastTimer = setTimeout(() => this._toast.remove(), TOAST);
    }

    /** What a held button will do, as long as it is held. */
    whisper(text) {
        this._whisper?.remove();
        this._whisper = text ? h("p.toast.whisper", {role: "status"}, text) : null;
        document.body.append(...(this._whisper ? [this._whisper] : []));
    }
}
